;; Non-fungible tokens by number and by name, with a market.
(define-non-fungible-token item uint)
(define-non-fungible-token badge {series: (string-ascii 16), number: uint})
(define-data-var last-id uint u0)
(define-map offers uint {price: uint, seller: principal})

(define-read-only (get-last-id) (ok (var-get last-id)))
(define-read-only (get-owner (id uint)) (ok (nft-get-owner? item id)))
(define-read-only (get-badge (series (string-ascii 16)) (number uint))
  (nft-get-owner? badge {series: series, number: number}))

(define-public (mint)
  (let ((id (+ (var-get last-id) u1)))
    (try! (nft-mint? item id tx-sender))
    (var-set last-id id)
    (ok id)))

(define-public (mint-badge (series (string-ascii 16)) (number uint))
  (let ((id {series: series, number: number}))
    (nft-mint? badge id tx-sender)))

(define-public (move-badge (id {series: (string-ascii 16), number: uint}) (to principal))
  (nft-transfer? badge id tx-sender to))

(define-public (transfer (id uint) (from principal) (to principal))
  (begin
    (asserts! (is-eq from tx-sender) (err u4))
    (map-delete offers id)
    (nft-transfer? item id from to)))

(define-public (offer (id uint) (price uint))
  (begin
    (asserts! (is-eq (some tx-sender) (nft-get-owner? item id)) (err u5))
    (asserts! (> price u0) (err u6))
    (ok (map-insert offers id {price: price, seller: tx-sender}))))

(define-public (buy (id uint))
  (let ((terms (unwrap! (map-get? offers id) (err u7)))
        (seller (get seller terms)))
    (asserts! (not (is-eq seller tx-sender)) (err u8))
    (try! (stx-transfer? (get price terms) tx-sender seller))
    (try! (nft-transfer? item id seller tx-sender))
    (map-delete offers id)
    (ok (get price terms))))

(define-public (burn (id uint)) (nft-burn? item id tx-sender))

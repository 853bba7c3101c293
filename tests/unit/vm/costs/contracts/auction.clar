;; One auction after the other, with the bids of each.
(define-map auctions uint
  {seller: principal, lot: (buff 40), best: uint, bidder: (optional principal), closed: bool})
(define-map bids uint (list 8 {who: principal, amount: uint}))
(define-data-var next uint u1)

(define-public (open (lot (buff 40)) (minimum uint))
  (let ((id (var-get next)))
    (map-set auctions id
      {seller: tx-sender, lot: lot, best: minimum, bidder: none, closed: false})
    (map-set bids id (list))
    (var-set next (+ id u1))
    (ok {id: id, digest: (sha256 lot)})))

(define-public (bid (id uint) (amount uint))
  (let ((auction (unwrap! (map-get? auctions id) (err u1)))
        (before (default-to (list) (map-get? bids id))))
    (asserts! (not (get closed auction)) (err u2))
    (asserts! (> amount (get best auction)) (err u3))
    (asserts! (< (len before) u8) (err u4))
    (map-set bids id
      (unwrap! (as-max-len? (append before {who: tx-sender, amount: amount}) u8) (err u5)))
    (map-set auctions id (merge auction {best: amount, bidder: (some tx-sender)}))
    (ok amount)))

(define-public (close (id uint))
  (let ((auction (unwrap! (map-get? auctions id) (err u1))))
    (asserts! (is-eq tx-sender (get seller auction)) (err u6))
    (map-set auctions id (merge auction {closed: true}))
    (ok (get bidder auction))))

(define-private (amount-of (entry {who: principal, amount: uint})) (get amount entry))
(define-private (larger (a uint) (b uint)) (if (> a b) a b))

(define-read-only (best-bid (id uint))
  (fold larger (map amount-of (default-to (list) (map-get? bids id))) u0))

(define-read-only (bid-at (id uint) (place uint))
  (element-at? (default-to (list) (map-get? bids id)) place))

(define-read-only (bidder-name (id uint))
  (match (get bidder (map-get? auctions id)) who (match who w (to-ascii? w) (err u1)) (err u2)))

;; Names that belong to principals, with records and a price by length.
(define-map names (buff 20) {owner: principal, expires: uint, record: (optional (buff 64))})
(define-map primary principal (buff 20))
(define-constant PRICES (list u640 u320 u160 u80 u40))

(define-read-only (price-of (name (buff 20)))
  (if (is-eq (len name) u0)
    (err u10)
    (ok (default-to u20 (element-at? PRICES (- (len name) u1))))))

(define-private (is-letter (char (buff 1))) (and (>= char 0x61) (<= char 0x7a)))
(define-private (and-letter (char (buff 1)) (before bool)) (and before (is-letter char)))

(define-read-only (is-valid (name (buff 20))) (fold and-letter name true))

(define-public (register (name (buff 20)))
  (let ((price (try! (price-of name))))
    (asserts! (is-valid name) (err u11))
    (asserts! (match (map-get? names name) held (< (get expires held) burn-block-height) true)
      (err u12))
    (try! (stx-burn? price tx-sender))
    (map-set names name
      {owner: tx-sender, expires: (+ burn-block-height u100), record: none})
    (map-set primary tx-sender name)
    (ok price)))

(define-public (set-record (name (buff 20)) (record (optional (buff 64))))
  (let ((held (unwrap! (map-get? names name) (err u13))))
    (asserts! (is-eq (get owner held) tx-sender) (err u14))
    (ok (map-set names name (merge held {record: record})))))

(define-public (release (name (buff 20)))
  (begin
    (asserts! (is-eq (get owner (map-get? names name)) (some tx-sender)) (err u14))
    (map-delete primary tx-sender)
    (ok (map-delete names name))))

(define-read-only (whois (who principal))
  (let ((name (unwrap! (map-get? primary who) none)))
    (some {name: name, hash: (hash160 (concat name 0x2e62746363)), held: (map-get? names name)})))

(define-read-only (identify (who principal))
  (match (principal-destruct? who)
    parts (ok (principal-construct? (get version parts) (get hash-bytes parts)))
    parts (err (get hash-bytes parts))))

;; Money is held until both sides agree; milestones as a list.
(define-constant ARBITER tx-sender)
(define-map deals uint
  {buyer: principal, seller: principal, amount: uint, state: (string-ascii 10),
   milestones: (list 10 {name: (string-ascii 20), done: bool})})
(define-data-var deal-count uint u0)

(define-private (fresh (name (string-ascii 20))) {name: name, done: false})

(define-public (create (seller principal) (amount uint) (names (list 10 (string-ascii 20))))
  (let ((id (var-get deal-count)))
    (try! (stx-transfer? amount tx-sender current-contract))
    (map-set deals id
      {buyer: tx-sender, seller: seller, amount: amount, state: "open",
       milestones: (map fresh names)})
    (var-set deal-count (+ id u1))
    (ok id)))

(define-public (finish-step (id uint) (step uint))
  (let ((deal (unwrap! (map-get? deals id) (err u1)))
        (steps (get milestones deal))
        (old (unwrap! (element-at? steps step) (err u2))))
    (asserts! (or (is-eq tx-sender (get seller deal)) (is-eq tx-sender ARBITER)) (err u3))
    (map-set deals id
      (merge deal {milestones:
        (unwrap! (replace-at? steps step (merge old {done: true})) (err u4))}))
    (ok true)))

(define-private (is-open (step {name: (string-ascii 20), done: bool})) (not (get done step)))

(define-read-only (open-steps (id uint))
  (ok (len (filter is-open (get milestones (unwrap! (map-get? deals id) (err u1)))))))

(define-public (settle (id uint))
  (let ((deal (unwrap! (map-get? deals id) (err u1)))
        (seller (get seller deal)))
    (asserts! (is-eq (get state deal) "open") (err u5))
    (asserts! (is-eq (unwrap-panic (open-steps id)) u0) (err u6))
    (map-set deals id (merge deal {state: "settled"}))
    (as-contract? ((with-stx (get amount deal)))
      (unwrap-panic (stx-transfer? (get amount deal) tx-sender seller)))))

;; A fungible token with an owner, an allowance per spender, and a list of holders.
(define-fungible-token coin u1000000000)
(define-constant ERR_NOT_OWNER (err u100))
(define-constant ERR_NOT_ALLOWED (err u101))
(define-data-var owner principal tx-sender)
(define-data-var uri (optional (string-utf8 256)) none)
(define-map allowances {holder: principal, spender: principal} uint)

(define-read-only (get-name) (ok "Coin"))
(define-read-only (get-symbol) (ok "CN"))
(define-read-only (get-decimals) (ok u6))
(define-read-only (get-balance (who principal)) (ok (ft-get-balance coin who)))
(define-read-only (get-total-supply) (ok (ft-get-supply coin)))
(define-read-only (get-token-uri) (ok (var-get uri)))

(define-private (is-owner) (is-eq tx-sender (var-get owner)))

(define-public (set-uri (value (optional (string-utf8 256))))
  (begin
    (asserts! (is-owner) ERR_NOT_OWNER)
    (print {event: "uri", value: value})
    (ok (var-set uri value))))

(define-public (mint (amount uint) (who principal))
  (begin
    (asserts! (is-owner) ERR_NOT_OWNER)
    (ft-mint? coin amount who)))

(define-public (transfer (amount uint) (from principal) (to principal) (memo (optional (buff 34))))
  (begin
    (asserts! (is-eq tx-sender from) ERR_NOT_ALLOWED)
    (try! (ft-transfer? coin amount from to))
    (match memo m (begin (print m) true) false)
    (ok true)))

(define-public (approve (spender principal) (amount uint))
  (ok (map-set allowances {holder: tx-sender, spender: spender} amount)))

(define-public (transfer-from (amount uint) (from principal) (to principal))
  (let ((key {holder: from, spender: tx-sender})
        (allowed (default-to u0 (map-get? allowances key))))
    (asserts! (>= allowed amount) ERR_NOT_ALLOWED)
    (if (is-eq allowed amount)
      (map-delete allowances key)
      (map-set allowances key (- allowed amount)))
    (ft-transfer? coin amount from to)))

(define-private (pay (entry {to: principal, amount: uint}) (result (response uint uint)))
  (match result
    sum (match (ft-transfer? coin (get amount entry) tx-sender (get to entry))
          ok-value (ok (+ sum (get amount entry)))
          error (err error))
    error (err error)))

(define-public (send-many (entries (list 20 {to: principal, amount: uint})))
  (fold pay entries (ok u0)))

(define-public (burn (amount uint))
  (ft-burn? coin amount tx-sender))

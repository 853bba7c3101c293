;; Clarity 1: a trait parameter is a name, not a variable.
(define-trait balance-trait ((get-balance (principal) (response uint uint))))
(define-constant OWNER tx-sender)
(define-data-var seen uint u0)

(define-public (ask (who <balance-trait>) (about principal))
  (let ((found (contract-call? who get-balance about)))
    (var-set seen (+ u1 (var-get seen)))
    found))

(define-public (name-it (who <balance-trait>)) (ok (contract-of who)))

(define-read-only (compare (a uint) (b uint))
  (if (and (< a b) (is-eq OWNER tx-sender)) (ok {low: a, high: b}) (err block-height)))

(define-public (as-me (amount uint))
  (as-contract (begin (var-set seen amount) (ok tx-sender))))

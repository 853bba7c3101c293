;; Calls other contracts, by name and by a constant.
(define-constant TOKEN .token)
(define-constant GREETING "a constant that makes loading dearer")
(define-data-var log (list 10 uint) (list))

(define-private (note (n uint))
  (var-set log (default-to (list n) (as-max-len? (append (var-get log) n) u10))))

(define-public (pay (amount uint) (to principal))
  (begin
    (note amount)
    (try! (contract-call? .token transfer amount tx-sender to none))
    (contract-call? TOKEN get-balance to)))

(define-public (pay-all (amounts (list 5 uint)) (to principal))
  (ok (fold + (map unwrap-or-zero (map pay-one amounts (list to to to to to))) u0)))

(define-private (pay-one (amount uint) (to principal))
  (contract-call? .token transfer amount tx-sender to (some 0x00)))

(define-private (unwrap-or-zero (result (response bool uint))) (if (is-ok result) u1 u0))

(define-read-only (survey (items (list 20 uint)))
  (let ((found (contract-call? .lists survey items)))
    (print found)
    (- (get high found) (get low found))))

(define-public (unlike (flag bool))
  (let ((n (contract-call? .tuples unlike flag u5))) (ok (+ n (len GREETING)))))

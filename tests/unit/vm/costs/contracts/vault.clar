;; Deposits that earn shares; the contract guards what it pays out.
(define-constant SELF current-contract)
(define-map shares principal uint)
(define-data-var total-shares uint u0)
(define-data-var paused bool false)

(define-read-only (shares-of (who principal)) (default-to u0 (map-get? shares who)))
(define-read-only (total) (stx-get-balance SELF))
(define-read-only (account (who principal)) (get unlocked (stx-account who)))

(define-private (worth (amount uint))
  (let ((all (var-get total-shares)) (held (total)))
    (if (or (is-eq all u0) (is-eq held u0)) amount (/ (* amount all) held))))

(define-public (deposit (amount uint))
  (let ((new (worth amount)))
    (asserts! (not (var-get paused)) (err u100))
    (try! (stx-transfer-memo? amount tx-sender SELF 0x6465706f736974))
    (map-set shares tx-sender (+ new (shares-of tx-sender)))
    (var-set total-shares (+ new (var-get total-shares)))
    (ok new)))

(define-public (withdraw (part uint))
  (let ((held (shares-of tx-sender))
        (who tx-sender)
        (amount (/ (* part (total)) (var-get total-shares))))
    (asserts! (<= part held) (err u101))
    (map-set shares who (- held part))
    (var-set total-shares (- (var-get total-shares) part))
    (try! (as-contract? ((with-stx amount)) (try! (stx-transfer? amount tx-sender who))))
    (ok amount)))

(define-public (overpay (amount uint) (allowed uint))
  (let ((who tx-sender))
    (match (as-contract? ((with-stx allowed))
             (try! (stx-transfer? amount tx-sender who))
             (unwrap-panic (if (> amount u50) none (some amount))))
      paid (ok paid)
      broken (err broken))))

(define-public (careful (amount uint) (to principal) (limit uint))
  (begin
    (try! (restrict-assets? tx-sender ((with-stx limit))
      (begin (try! (stx-transfer? amount tx-sender to)) true)))
    (ok true)))

(define-public (pause (value bool))
  (begin (var-set paused (and value (not (var-get paused)))) (ok (var-get paused))))

(define-public (waste (amount uint)) (stx-burn? amount tx-sender))

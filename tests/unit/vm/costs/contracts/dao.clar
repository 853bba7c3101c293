;; Proposals, votes by weight, and a quorum.
(define-constant QUORUM u3)
(define-data-var proposal-count uint u0)
(define-map proposals uint
  {title: (string-ascii 64), text: (string-utf8 200), ends: uint, yes: uint, no: uint,
   tags: (list 5 (string-ascii 12)), author: principal})
(define-map votes {proposal: uint, voter: principal} bool)
(define-map weights principal uint)

(define-private (weight-of (who principal)) (default-to u1 (map-get? weights who)))

(define-private (is-short (tag (string-ascii 12))) (< (len tag) u8))

(define-public (propose (title (string-ascii 64)) (text (string-utf8 200))
                        (tags (list 5 (string-ascii 12))))
  (let ((id (+ u1 (var-get proposal-count))))
    (asserts! (> (len title) u0) (err u1))
    (map-set proposals id
      {title: title, text: text, ends: (+ burn-block-height u10), yes: u0, no: u0,
       tags: (filter is-short tags), author: tx-sender})
    (var-set proposal-count id)
    (print {event: "proposed", id: id, title: title})
    (ok id)))

(define-public (vote (id uint) (yes bool))
  (let ((proposal (unwrap! (map-get? proposals id) (err u2)))
        (weight (weight-of tx-sender))
        (key {proposal: id, voter: tx-sender}))
    (asserts! (map-insert votes key yes) (err u3))
    (asserts! (<= burn-block-height (get ends proposal)) (err u4))
    (map-set proposals id
      (if yes
        (merge proposal {yes: (+ (get yes proposal) weight)})
        (merge proposal {no: (+ (get no proposal) weight)})))
    (ok weight)))

(define-public (set-weight (who principal) (weight uint))
  (begin
    (asserts! (and (> weight u0) (< weight u100) (not (is-eq who tx-sender))) (err u5))
    (ok (map-set weights who weight))))

(define-read-only (outcome (id uint))
  (match (map-get? proposals id)
    found (let ((total (+ (get yes found) (get no found))))
            (if (or (< total QUORUM) (is-eq total u0))
              (ok none)
              (ok (some {passed: (> (get yes found) (get no found)),
                         percent: (/ (* u100 (get yes found)) total)}))))
    (err u2)))

(define-private (count-yes (who principal) (state {id: uint, found: uint}))
  (if (default-to false (map-get? votes {proposal: (get id state), voter: who}))
    (merge state {found: (+ u1 (get found state))})
    state))

(define-read-only (yes-among (id uint) (voters (list 30 principal)))
  (get found (fold count-yes voters {id: id, found: u0})))

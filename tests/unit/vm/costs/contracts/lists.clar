;; Sequences of every kind, made, cut and put together.
(define-data-var history (list 50 int) (list))
(define-constant PRIMES (list 2 3 5 7 11))

(define-private (square (x int)) (* x x))
(define-private (is-even (x int)) (is-eq 0 (mod x 2)))
(define-private (add-up (x int) (sum int)) (+ x sum))

(define-read-only (numbers (a (list 12 int)) (b (list 6 int)))
  {sum: (fold + a 0), pairs: (map + a b), squares: (map square b), even: (filter is-even a),
   found: (index-of? a 3), joined: (concat a b), primes: (fold add-up PRIMES 0)})

(define-public (remember (x int))
  (let ((before (var-get history)))
    (var-set history
      (match (as-max-len? (append before x) u50)
        longer longer
        (list x)))
    (print (var-get history))
    (ok (len (var-get history)))))

(define-read-only (cut (data (buff 64)) (from uint) (to uint))
  (match (slice? data from to)
    part {part: part, number: (buff-to-uint-be (default-to 0x00 (as-max-len? part u16)))}
    {part: 0x, number: u0}))

(define-read-only (texts (a (string-ascii 20)) (b (string-utf8 12)))
  {both: (concat a "!"), wide: (concat b u"\u{1F600}"), first: (element-at? b u0),
   number: (string-to-int? a), less: (< a "mmm"), replaced: (replace-at? a u1 "x")})

(define-private (step (item uint) (acc {low: uint, high: uint, all: (list 20 uint)}))
  {low: (if (< item (get low acc)) item (get low acc)),
   high: (if (> item (get high acc)) item (get high acc)),
   all: (default-to (get all acc) (as-max-len? (append (get all acc) item) u20))})

(define-read-only (survey (items (list 20 uint)))
  (fold step items {low: u999, high: u0, all: (list)}))

(define-private (inner (x uint) (sum uint)) (+ sum (* x x)))
(define-private (outer (row (list 5 uint)) (sum uint)) (fold inner row sum))
(define-read-only (table (rows (list 5 (list 5 uint)))) (fold outer rows u0))

(define-private (pair-up (a uint) (b (string-ascii 8))) {a: a, b: b})
(define-public (zip (a (list 7 uint)) (b (list 9 (string-ascii 8))))
  (ok (map pair-up a b)))

(define-read-only (truths (a (list 8 bool)))
  {all: (fold and a true), any: (fold or a false), flipped: (map not a)})

(define-read-only (nested (a (list 4 (optional uint))))
  (let ((b (append a none)) (c (list (some u1) none (some u3))))
    (concat b c)))

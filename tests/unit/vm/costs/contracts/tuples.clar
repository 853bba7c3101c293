;; Tuples, optionals and responses; arms with unlike fields.
(define-map people (string-ascii 10)
  {age: uint, home: {city: (string-ascii 12), code: (optional uint)}, tags: (list 3 (buff 4))})

(define-public (save (name (string-ascii 10)) (age uint)
                     (home {city: (string-ascii 12), code: (optional uint)})
                     (tags (list 3 (buff 4))))
  (ok {new: (map-insert people name {age: age, home: home, tags: tags}), name: name}))

(define-read-only (home-of (name (string-ascii 10)))
  (get code (get home (unwrap! (map-get? people name) none))))

(define-read-only (unlike (flag bool) (n uint))
  (let ((t (if flag {a: n} {a: n, b: "some more text", c: (list n n n)})))
    (print t)
    (get a t)))

(define-read-only (unlike-some (flag bool) (n uint))
  (match (if flag (some {a: n}) (some {a: n, z: 0x0102030405060708}))
    found (begin (print found) (merge found {b: u1}))
    {a: u0, b: u0}))

(define-read-only (unlike-list (flag bool) (n uint))
  (let ((l (if flag (list {a: n}) (list {a: n, b: u"text"} {a: n, b: u"longer text"}))))
    (print l)
    (len l)))

(define-private (wide (flag bool)) (if flag {x: 1} {x: 1, y: 2, z: 3}))
(define-read-only (through (flag bool))
  (let ((t (wide flag))) (is-eq t t)))

(define-read-only (mixed-list (n uint))
  (let ((l (list {a: n} {a: u1, b: "dropped"}))) (print l) l))

(define-private (check (n uint)) (if (> n u10) (err {code: n, why: "too large"}) (ok n)))

(define-public (checked (n uint) (m uint))
  (begin
    (try! (check n))
    (asserts! (> m u0) (err {code: m, why: "zero"}))
    (ok (+ n (unwrap! (check m) (err {code: u0, why: "second"}))))))

(define-read-only (deep (x (optional (optional uint))))
  (match x inner (match inner n n u1) u0))

(define-public (roundtrip (name (string-ascii 10)))
  (let ((found (unwrap! (map-get? people name) (err u1)))
        (raw (unwrap! (to-consensus-buff? found) (err u2)))
        (back (from-consensus-buff?
          {age: uint, home: {city: (string-ascii 12), code: (optional uint)},
           tags: (list 3 (buff 4))} raw)))
    (ok (is-eq (some found) back))))

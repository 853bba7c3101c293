;; Clarity 1 asks for blocks by another word.
(define-read-only (block-time (height uint)) (is-some (get-block-info? time height)))
(define-read-only (smaller (a uint) (b uint)) (< a b))
(define-read-only (same (a (buff 9)) (b (buff 9))) (is-eq a b))

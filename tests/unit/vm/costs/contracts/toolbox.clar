;; Hashes, signatures, conversions, and what the chain tells.
(define-read-only (digests (data (buff 100)) (n uint))
  {a: (sha256 data), b: (sha512 data), c: (sha512/256 data), d: (keccak256 data),
   e: (hash160 n)})

(define-read-only (numbers (a int) (b uint))
  {hex: (int-to-ascii a), wide: (int-to-utf8 b), bits: (bit-xor b u255 (bit-and b u7)),
   shifted: (bit-shift-left (mod b u1000) (mod b u64)), root: (sqrti b), text: (to-ascii? a)})

(define-read-only (recover (digest (buff 32)) (signature (buff 65)))
  (match (secp256k1-recover? digest signature)
    key (match (principal-of? key) who (ok who) code (err code))
    code (err code)))

(define-read-only (verify (digest (buff 32)) (signature (buff 65)) (key (buff 33)))
  (ok (secp256k1-verify digest signature key)))

(define-read-only (ed (message (buff 50)) (signature (buff 64)) (key (buff 32)))
  (ok (ed25519-verify message signature key)))

(define-read-only (chain (height uint))
  {now: burn-block-height, height: stacks-block-height, id: chain-id, main: is-in-mainnet,
   header: (get-burn-block-info? header-hash height),
   block: (get-stacks-block-info? time height), supply: stx-liquid-supply})

(define-read-only (code-of (who principal))
  (match (contract-hash? who) hash (len hash) code code))

(define-read-only (decode (data (buff 60)))
  {n: (from-consensus-buff? uint data),
   t: (from-consensus-buff? {a: (list 3 int), b: (optional principal)} data)})

(define-read-only (proof (leaf (buff 32)) (branch (list 24 (buff 32))) (data (buff 80)))
  {found: (verify-merkle-proof leaf leaf u0 u4 branch), out: (get-bitcoin-tx-output? data u0)})

(define-read-only (order (a (buff 8)) (b (buff 8)) (s (string-utf8 9)))
  {less: (< a b), more: (> a b), text: (>= s u"abc"), std: (is-standard tx-sender)})

(define-public (allow (amount uint) (ids (list 4 uint)))
  (let ((me tx-sender))
    (restrict-assets? me ((with-stx amount) (with-ft .token "coin" amount)
                          (with-nft .nft "item" ids))
      (try! (stx-transfer? u1 me current-contract))
      (+ amount u1))))

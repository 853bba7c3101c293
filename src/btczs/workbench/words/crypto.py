"""Words of hashes, signatures and Bitcoin's structures, conversions and principals."""

from btczs.workbench.words.model import Group, fails, function, gives

_HASHED = "buff, int or uint"
_MESSAGE = "0x6880dc3427b880e1d3e1fb8d50280c4551d2554fdc98ec428385f33aa8fe4313"
_SIGNATURE = (
    "0x639b0912280c2226b7e66cdb0f96ca39760c633f088437c920e121adce745572"
    "47777fb068278bb03fe06df40b36ac02522408ddbbcfa003cc823f4b1f80036c01"
)
_KEY = "0x032197c70763930862f5ef24b0bf486645242a1b5853d2c80ee97e532b4c4d374c"
_KEY_LONG = (
    "0x042197c70763930862f5ef24b0bf486645242a1b5853d2c80ee97e532b4c4d374c"
    "44c74d97cf981ace324c1cc80205139f84d7f6067be83120cbc8dc9ad4c16d1b"
)
_R1_SIGNATURE = (
    "0x48adbb2ed9fc80ec0225f131a4b311d8bdc37d9dcc095390dda36f35105f7fb2"
    "2fec6c5630f8f6d589838c7aa317dff97aa029d64d82a785ac5b5547ad600cc0"
)
_R1_KEY = "0x03666836d8e3215dc9bc97e9fab44de91d8ed066d4eda230974bda52d706dda8f2"
_ED_SIGNATURE = (
    "0x07d00f5831db77c3a48c1865bd39b0cce8c13634cf512101ecdcab410a4eaee1"
    "77170be36716feae9ad2fdb3e22719813bc3acf5472b28d7d1f92d51f2ee8f06"
)
_ED_KEY = "0xa2f2500b2195ef6268a7091af1bf573f2ced06ef9bb455df235f5029c11a7e62"
_BITCOIN_TX = (
    "0x010000000111111111111111111111111111111111111111111111111111111111111111110000000000"
    "ffffffff01881300000000000002515200000000"
)

CRYPTO = Group(
    "crypto",
    "Hashes and signatures",
    (
        function(
            "(hash160 value)", _HASHED, "(buff 20)", "hash160",
            """RIPEMD-160 of SHA-256: the hash inside addresses. A number is hashed as its 16 bytes,
            lowest first.""",
            gives("(hash160 0x01)", "0xc51b66bced5e4491001bd702669770dccf440982"),
        ),
        function(
            "(sha256 value)", _HASHED, "(buff 32)", "sha256",
            "SHA-256. A number is hashed as its 16 bytes, lowest first.",
            gives("(sha256 0x01)",
                  "0x4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a"),
            gives("(sha256 1)",
                  "0x4cbbd8ca5215b8d161aec181a74b694f4e24b001d5b081dc0030ed797a8973e0"),
        ),
        function(
            "(sha512 value)", _HASHED, "(buff 64)", "sha512",
            "SHA-512. A number is hashed as its 16 bytes, lowest first.",
            gives("(sha512 0x01)",
                  "0x7b54b66836c1fbdd13d2441d9e1434dc62ca677fb68f5fe66a464baadecdbd00"
                  "576f8d6b5ac3bcc80844b7d50b1cc6603444bbe7cfcf8fc0aa1ee3c636d9e339"),
        ),
        function(
            "(sha512/256 value)", _HASHED, "(buff 32)", "sha512t256",
            """SHA-512/256, the variant of SHA-512 with its own start and a short result. A number
            is hashed as its 16 bytes, lowest first.""",
            gives("(sha512/256 0x01)",
                  "0x2a8b71c345fac6e44dca4f7a762a560c3bdd7fa3001e84507c946a7d8fd46ee7"),
        ),
        function(
            "(keccak256 value)", _HASHED, "(buff 32)", "keccak256",
            """Keccak-256 as Ethereum uses it, which is not SHA3-256. A number is hashed as its 16
            bytes, lowest first.""",
            gives("(keccak256 0x01)",
                  "0x5fe7f977e71dba2ea1a68e21057beebb9be2ac30c6410aa38d4f3fbe41dcffd2"),
        ),
        function(
            "(secp256k1-verify hash signature public-key)", "(buff 32), (buff 65), (buff 33)",
            "bool", "secp256k1verify",
            """Whether a signature on the curve of Bitcoin is right. 64 bytes are enough; a 65th, the
            recovery id, may stand at the end.""",
            gives(f"(secp256k1-verify {_MESSAGE}\n  {_SIGNATURE}\n  {_KEY})", "true"),
        ),
        function(
            "(secp256k1-recover? hash signature)", "(buff 32), (buff 65)",
            "(response (buff 33) uint)", "secp256k1recover",
            """The public key that made a signature, in its short form. `(err u1)`: no key can have
            made it; `(err u2)`: the signature is too short or its recovery id is above 3.""",
            gives(f"(secp256k1-recover? {_MESSAGE}\n  {_SIGNATURE})", f"(ok {_KEY})"),
        ),
        function(
            "(secp256k1-decompress? public-key)", "(buff 33)", "(response (buff 65) uint)",
            "secp256k1decompress",
            "The long form of a public key in its short form; an error if it is no point.",
            gives(f"(secp256k1-decompress? {_KEY})", f"(ok {_KEY_LONG})"),
        ),
        function(
            "(secp256r1-verify hash signature public-key)", "(buff 32), (buff 64), (buff 33)",
            "bool", "secp256r1verify",
            """Whether a signature on the curve of passkeys and phones (P-256) is right. In version
            4 the hash is hashed once more; from version 5 on it is used as it is.""",
            gives(f"(secp256r1-verify {_MESSAGE}\n  {_R1_SIGNATURE}\n  {_R1_KEY})", "true"),
        ),
        function(
            "(ed25519-verify message signature public-key)",
            "(buff 1048576), (buff 64), (buff 32)", "bool", "ed25519verify",
            "Whether an Ed25519 signature of a whole message (not of a hash) is right.",
            gives(f"(ed25519-verify 0x68656c6c6f\n  {_ED_SIGNATURE}\n  {_ED_KEY})", "true"),
            gives(f"(ed25519-verify 0x00\n  {_ED_SIGNATURE}\n  {_ED_KEY})", "false"),
        ),
        function(
            "(verify-merkle-proof leaf root index count siblings)",
            "(buff 32), (buff 32), uint, uint, (list 24 (buff 32))", "bool", "verify_merkle_proof",
            """Whether a hash stands at a place of a Bitcoin Merkle tree of `count` leaves with the
            given root. Siblings go from the leaf up; hashes are in their internal byte order, which
            is the reverse of what explorers show.""",
            gives(
                "(verify-merkle-proof\n"
                "  0xbf5d3affb73efd2ec6c36ad3112dd933efed63c4e1cbffcfa88e2759c144f2d8\n"
                "  0xb767a3a12f5f8bb1949d163c51f9a42e6bda8dcd02d50353717f73d4338b1bf0 u0 u2\n"
                "  (list 0x39361160903c6695c6804b7157c7bd10013e9ba89b1f954243bc8e3990b08db9))",
                "true",
            ),
        ),
        function(
            "(get-bitcoin-tx-output? transaction output)", "(buff 1048576), uint",
            "(response {amount: uint, script: (buff 1024), txid: (buff 32)} uint)",
            "get_bitcoin_tx_output",
            """One output of a Bitcoin transaction in its bytes, with the transaction's id in internal
            byte order, ready for `verify-merkle-proof`; an error if the bytes are no transaction or
            the output is not there.""",
            gives(
                f"(get-bitcoin-tx-output?\n  {_BITCOIN_TX} u0)",
                "(ok {amount: u5000, script: 0x5152, txid: "
                "0x226d240b03b5ae483780722acb9b45be4ea6d586d11d1fa8a7f8148857940aa1})",
            ),
        ),
    ),
)  # fmt: skip

CONVERSIONS = Group(
    "conversions",
    "Conversions",
    (
        function(
            "(buff-to-int-be bytes)", "(buff 16)", "int", "buff_to_int_be",
            """The int written in up to 16 bytes, highest first. Missing bytes count as zero, so only
            full 16 bytes can give a negative number.""",
            gives("(buff-to-int-be 0x0100)", "256"),
            gives("(buff-to-int-be 0xff)", "255"),
        ),
        function(
            "(buff-to-int-le bytes)", "(buff 16)", "int", "buff_to_int_le",
            "The int written in up to 16 bytes, lowest first.",
            gives("(buff-to-int-le 0x0100)", "1"),
        ),
        function(
            "(buff-to-uint-be bytes)", "(buff 16)", "uint", "buff_to_uint_be",
            "The uint written in up to 16 bytes, highest first. No bytes are zero.",
            gives("(buff-to-uint-be 0x0100)", "u256"),
            gives("(buff-to-uint-be 0x)", "u0"),
        ),
        function(
            "(buff-to-uint-le bytes)", "(buff 16)", "uint", "buff_to_uint_le",
            "The uint written in up to 16 bytes, lowest first.",
            gives("(buff-to-uint-le 0x0001)", "u256"),
        ),
        function(
            "(string-to-int? text)", "string-ascii or string-utf8", "(optional int)",
            "string_to_int",
            "The int that a text shows; `none` if it shows none. No spaces, no underscores.",
            gives('(string-to-int? "-42")', "(some -42)"),
            gives('(string-to-int? "4 2")', "none"),
        ),
        function(
            "(string-to-uint? text)", "string-ascii or string-utf8", "(optional uint)",
            "string_to_uint",
            "The uint that a text shows (without the `u`); `none` if it shows none.",
            gives('(string-to-uint? "42")', "(some u42)"),
            gives('(string-to-uint? "-1")', "none"),
        ),
        function(
            "(int-to-ascii n)", "int or uint", "(string-ascii 40)", "int_to_ascii",
            "A number as text, without a `u`.",
            gives("(int-to-ascii u42)", '"42"'),
            gives("(int-to-ascii -7)", '"-7"'),
        ),
        function(
            "(int-to-utf8 n)", "int or uint", "(string-utf8 40)", "int_to_utf8",
            "A number as text, without a `u`.",
            gives("(int-to-utf8 42)", 'u"42"'),
        ),
        function(
            "(to-ascii? value)", "int, uint, bool, principal, buff or string-utf8",
            "(response (string-ascii n) uint)", "to_ascii",
            """The text of a value as it is written in a source: a uint keeps its `u`, a buffer its
            `0x`. An error for a utf8 text that is not ASCII.""",
            gives("(to-ascii? u5)", '(ok "u5")'),
            gives("(to-ascii? 0x0a)", '(ok "0x0a")'),
            gives("(to-ascii? true)", '(ok "true")'),
        ),
        function(
            "(to-consensus-buff? value)", "A", "(optional (buff n))", "to_consensus_buff",
            """The bytes of a value as transactions and storage hold it; `none` if that is more than
            a buffer can hold.""",
            gives("(to-consensus-buff? u1)", "(some 0x0100000000000000000000000000000001)"),
            gives("(to-consensus-buff? (some true))", "(some 0x0a03)"),
        ),
        function(
            "(from-consensus-buff? type bytes)", "a type, buff", "(optional A)",
            "from_consensus_buff",
            "The value of a type that the bytes hold; `none` if they hold anything else.",
            gives("(from-consensus-buff? bool 0x03)", "(some true)"),
            gives("(from-consensus-buff? uint 0x03)", "none"),
        ),
    ),
)  # fmt: skip

PRINCIPALS = Group(
    "principals",
    "Principals",
    (
        function(
            "(is-standard principal)", "principal", "bool", "is_standard",
            """Whether a principal belongs to the network the contract runs on, by the version of its
            address.""",
            gives("(is-standard tx-sender)", "true"),
            gives("(is-standard 'SP00000000000000000005JA84HQ)", "false"),
        ),
        function(
            "(principal-of? public-key)", "(buff 33)", "(response principal uint)", "principal_of",
            "The account of a public key. A buffer that is no point gives `(err u1)`.",
            gives(f"(principal-of? {_KEY})", "(ok 'ST291J2H9W2HHN4AZXKFTYMAWZ7GC41S7M9Q8VADN)"),
            fails("(principal-of? 0x03)", "TypeValueError"),
        ),
        function(
            "(principal-construct? version hash [name])", "(buff 1), (buff 20), (string-ascii 40)",
            "(response principal {error_code: uint, value: (optional principal)})",
            "principal_construct",
            """A principal from its parts: of an account, or with a name of a contract. Error u0: the
            address is of another network (and stands in `value`); u1: bad version or hash; u2: bad
            name.""",
            gives("(principal-construct? 0x1a 0x0000000000000000000000000000000000000001)",
                  "(ok 'ST000000000000000000042DB08Y)"),
        ),
        function(
            "(principal-destruct? principal)", "principal",
            "(response {hash-bytes: (buff 20), name: (optional (string-ascii 40)), "
            "version: (buff 1)} the same)",
            "principal_destruct",
            """The parts of a principal. The same parts come as an error if its address is of another
            network.""",
            gives("(principal-destruct? 'ST000000000000000000042DB08Y.token)",
                  '(ok {hash-bytes: 0x0000000000000000000000000000000000000001, '
                  'name: (some "token"), version: 0x1a})'),
        ),
    ),
)  # fmt: skip

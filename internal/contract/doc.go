// Package contract is the contract of an order: its text from clauses the parties choose, its signatures and its proof.
//
// A contract is offered as a version: the text is fixed then and its hash kept. Both sides sign that version, each with the
// stamped scan of the printed page or the seal of an e-seal provider (Sealer) if they wish; a new version begins without
// signatures. Anybody who knows the number can ask whether a text is the one that was signed.
//
// Invariants (checked by Verify): the hash is that of the text; a signature is of the hash of its version;
// a seal is under that text and its keeper knows it.
//
// Tables: contract_contract, contract_signature, contract_print, contract_rule, contract_seal.
package contract

import _ "embed" // the English texts

// English holds the English of every Chinese text of this package, as JSON.
//
//go:embed en.json
var English []byte

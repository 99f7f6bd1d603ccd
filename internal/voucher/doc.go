// Package voucher keeps innovation vouchers (创新券): the programmes with their rules, what is granted to firms, what
// their orders hold and use, what providers redeem, and the double-entry ledger under all of it.
//
// A [Programme] is run by an authority; its rules are [scheme.Terms], dated JSON data, and the arithmetic over them is
// package scheme's: this package keeps what moves money and states. A firm applies ([Applications]); approval issues a
// numbered voucher in its name that ends on a day ([Grants]). An order holds its part, and uses or releases it
// ([Holds]). The provider claims what was used, one officer verifies, another approves, a public notice runs, the
// claim is paid ([Claims]); a refused claim can be made again, paid money can be recovered.
//
// Money moves only by transfers of 2…n postings that sum to zero, once for each key, between the accounts listed in
// ledger.go; states belong to application, grant, hold and claim, sums are derived. Whatever changes one firm's quota
// in one programme takes the row voucher_wallet first; a programme's unissued account is taken last.
//
// Tables: voucher_programme, voucher_terms, voucher_application, voucher_wallet, voucher_grant, voucher_hold,
// voucher_hold_part, voucher_claim, voucher_claim_item, voucher_document, voucher_step, voucher_account,
// voucher_transfer, voucher_posting, voucher_reward, voucher_reward_line. Events: see events.go. Invariants: see checks in verify.go.
package voucher

import _ "embed" // the module's English

// English is the module's translations, Chinese text to English.
//
//go:embed en.json
var English []byte

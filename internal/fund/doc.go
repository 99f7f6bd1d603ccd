// Package fund keeps the money with which orders are paid inside an institution: research groups (课题组) with a head
// and members, their fund cards (经费卡) with validity, caps and approval, and prepaid accounts of outside firms at a
// provider; and how a provider's income is split between school, centre and crew.
//
// A card is four accounts: where money comes from (source), what can be spent (available), what orders have put aside
// (reserved), what is gone (spent). They change only by transfers (ledger.go), append-only, two or more postings that
// sum to zero, once for each key for ever; a floor of zero in the database keeps a card from being overspent whatever
// the code does. An order reserves its amount when it is placed ([Service.Reserve]), is charged when the service is
// confirmed ([Service.Charge]: less gives the rest back, more needs to be there), and lets go when it is cancelled
// ([Service.Release]). Above a card's limit the head decides ([Service.Decide]) before the provider may accept.
//
// Income ([Service.Earned]) is written when an order is settled and divided by the provider's rule of that day, each
// share down to the fen and the rest to the first; inside and outside are told apart everywhere.
//
// Tables: fund_group, fund_member, fund_card, fund_account, fund_transfer, fund_posting, fund_hold, fund_split,
// fund_income, fund_income_part. Invariants: verify.go.
package fund

import _ "embed" // the module's English

// English is the module's translations, Chinese text to English.
//
//go:embed en.json
var English []byte

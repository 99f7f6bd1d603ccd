// Package roster keeps lists of organisations as data: high-tech enterprises (高新技术企业), tech-SMEs (科技型中小企业),
// 专精特新, firms shut out of vouchers; any list that an authority defines.
//
// A [List] is a credential or a ban; its rules ([Rule]) say, dated and with their source, how long an entry lasts that
// names no last day. Entries come from spreadsheets ([Service.Preview], [Service.Apply]): the same file again changes
// nothing, a bad row never stops a good one. Each entry is matched to an organisation: by its unified social credit
// code, else by its name (match.go); what is not sure waits for a person, and an organisation that registers later is
// met by [Service.Meet]. [Service.Standing] says what an organisation stands on, on a day; the voucher's terms and the
// policies ask it.
//
// Tables: roster_list, roster_rule, roster_entry, roster_import. Events: events.go. Invariants: verify.go.
package roster

import _ "embed" // the module's English

// English is the module's translations, Chinese text to English.
//
//go:embed en.json
var English []byte

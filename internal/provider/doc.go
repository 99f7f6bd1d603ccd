// Package provider is how an institution or a firm joins the pool of those who serve, what proves that it can, and what
// it has to report in time.
//
// A [Membership] is applied for page by page, checked by the authority against a checklist, and begins with an agreement
// that both accept and that renews itself ([Memberships] is its table). A [Certificate] (CMA, CNAS, GLP …) has a scope
// and a last day, covers an organisation or some of its resources, and leaves by itself when it ends: public pages look
// at the day, search at the flag that [Service.Daily] keeps. Instruments bought with public money have a [Clock] from
// their acceptance to their first publication; other equipment comes in by invitation ([Admissions]).
//
// All numbers of the field (terms, thresholds, days of warning) are dated data with their source: rules.json.
//
// Tables: provider_membership, provider_check, provider_document, provider_step, provider_admission, provider_clock,
// provider_certificate, provider_scope, provider_cover, provider_reminder. Events: events.go. Invariants: verify.go.
package provider

import _ "embed" // the module's English

// English is the module's translations, Chinese text to English.
//
//go:embed en.json
var English []byte

// Package expert is what a person decides about their own record among the experts of the catalogue.
//
// A record of kind expert comes from public awards or from an institution and belongs to nobody until its person claims
// it ([Claims] is the table) and an officer has verified that. From then on the person says what supports each expertise
// ([Evidence], [Area]), agrees to each purpose by itself or withdraws ([Consent]), answers those who ask for contact
// ([Requests] is the table; addresses are seen only after an acceptance, and each look is kept), declares what ties them to
// organisations ([Interest]; [Conflicts] is the rule), sees all that is kept about them ([About]) and has it deleted: then
// only keyed hashes stay, by which a later import is refused ([Service.Bar]).
//
// Purposes and their texts, limits and relations are dated data with their source: rules.json.
//
// Tables: expert_profile, expert_evidence, expert_area, expert_support, expert_claim, expert_step, expert_consent,
// expert_request, expert_disclosure, expert_interest, expert_barred, expert_key. Events: events.go. Invariants: verify.go.
package expert

import _ "embed" // the module's English

// English is the module's translations, Chinese text to English.
//
//go:embed en.json
var English []byte

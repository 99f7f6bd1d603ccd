// Package match brings together what firms need, in their own words, and what the region offers: a need
// gets ranked candidates among instruments, services and experts, each with reasons that are true and gaps
// that are named, and is followed until an agreement is carried out.
//
// A need: draft → published → matched → agreed → closed (Table); a candidate on record: proposed, accepted or
// declined with its reason. Accepting a candidate makes a link that starts an order with ?need=ID.
//
// Finding (Index): one text index for each group of supplies, so that the short texts of experts do not
// drown; all words of the need count, repeated ones damped; names of one thing (synonyms.txt) count as one.
// Facts reads standards, models, quantities, dates and places out of the prose, always the same way.
//
// Invariants (Verify): the state is where the last step led; matched has an accepted candidate; every decision has
// its step; the index holds exactly the live supplies (VerifyIndex). Figures states matching rates with numerator,
// denominator and cut-off.
//
// Tables: match_need, match_proposal, match_step. Events: NeedPublished, Invited, Answered, CandidateAccepted,
// CandidateDeclined, Contacted, AgreementSigned, NeedClosed.
package match

import _ "embed"

// English is the English of this module's sentences, for i18n.New.
//
//go:embed en.json
var English []byte

// Package identity knows who is there and what each may do: people, organisations with their capacities,
// memberships and roles, the regions of GB/T 2260, sign-in, sessions, API tokens, and the permission table.
//
// A person signs in and acts as one membership: a role in one organisation. [Subject] is that, and every
// question "may it?" goes to [Policy], which reads permissions.csv. An organisation registers itself
// ([Table]: register, verify, refuse, resubmit, suspend) or is an unclaimed public record.
//
// Tables: identity_region, identity_organisation, identity_capacity, identity_person, identity_membership,
// identity_session, identity_token, identity_attempt. Events: [Registered], [Verified], [Refused], [Suspended], and [Changed] after each of them.
// Invariants (checked by Verify): codes are unique, capacities are in order, an organisation that registered
// itself has an administrator, a verified one has a verified capacity, every region named exists.
package identity

import _ "embed" // the module's English

// English is the module's translations, Chinese text to English.
//
//go:embed en.json
var English []byte

package identity

// Registered follows when an organisation has registered itself, or has submitted its registration again.
type Registered struct {
	Org    string `json:"org"`
	Region string `json:"region"`
	Again  bool   `json:"again"` // after a refusal
}

// EventName is organisation.registered.
func (Registered) EventName() string { return "organisation.registered" }

// Verified follows when an organisation's capacity was verified: one event for each capacity.
type Verified struct {
	Org      string `json:"org"`
	Capacity string `json:"capacity"`
	Region   string `json:"region"`
}

// EventName is organisation.verified.
func (Verified) EventName() string { return "organisation.verified" }

// Refused follows when the authority did not verify a registration; the reason stands with the organisation.
type Refused struct {
	Org    string `json:"org"`
	Region string `json:"region"`
}

// EventName is organisation.refused.
func (Refused) EventName() string { return "organisation.refused" }

// Suspended follows when the authority stopped an organisation; it keeps its records and may do nothing new.
type Suspended struct {
	Org    string `json:"org"`
	Region string `json:"region"`
}

// EventName is organisation.suspended.
func (Suspended) EventName() string { return "organisation.suspended" }

// Changed follows every change of an organisation's record or state, public records included. The search
// index follows it.
type Changed struct {
	Org string `json:"org"`
}

// EventName is organisation.changed.
func (Changed) EventName() string { return "organisation.changed" }

package catalogue

// ResourceChanged says that a resource was created, changed or moved to another state. The search index follows it.
type ResourceChanged struct {
	ID       string `json:"id"`
	Kind     string `json:"kind"`
	Owner    string `json:"owner"`
	Region   string `json:"region"`
	Revision int64  `json:"revision"`
	Status   string `json:"status"`
}

// EventName is the event's name in the outbox.
func (ResourceChanged) EventName() string { return "resource.changed" }

// ResourceTurned says that the passing of days, or a region's new check term, has changed what is derived of a resource: its
// headline price, how true it is known to be. The search index follows it; the record itself is as it was.
type ResourceTurned struct {
	ID string `json:"id"`
}

// EventName is the event's name in the outbox.
func (ResourceTurned) EventName() string { return "resource.turned" }

// Reviewed says that a second person has read a record: it is published, or goes back with a note.
type Reviewed struct {
	ID       string `json:"id"`
	Owner    string `json:"owner"`
	Name     string `json:"name"`
	Approved bool   `json:"approved"`
}

// EventName is the event's name in the outbox.
func (Reviewed) EventName() string { return "resource.reviewed" }

// RecordsDue says that an owner has records to check: confirmed too long ago, or never.
type RecordsDue struct {
	Org   string `json:"org"`
	Due   int64  `json:"due"`   // the term ends soon
	Stale int64  `json:"stale"` // the term is over
	Never int64  `json:"never"` // never confirmed
}

// EventName is the event's name in the outbox.
func (RecordsDue) EventName() string { return "resource.records-due" }

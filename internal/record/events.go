package record

// Facts is what events tell of a record.
type Facts struct {
	Record string `json:"record"`
	Owner  string `json:"owner"`
	Region string `json:"region"`
	Verb   string `json:"verb"`
	State  string `json:"state"`
	Source string `json:"source"`
}

// Moved follows each step of one record.
type Moved struct{ Facts }

// EventName is record.moved.
func (Moved) EventName() string { return "record.moved" }

// Uploaded follows when the rows of a spreadsheet, or of one call, came in.
type Uploaded struct {
	Upload  string `json:"upload,omitempty"`
	Owner   string `json:"owner"`
	Region  string `json:"region"`
	Added   int64  `json:"added"`
	Refused int64  `json:"refused"`
}

// EventName is record.uploaded.
func (Uploaded) EventName() string { return "record.uploaded" }

func factsOf(r Record, verb string) Facts {
	return Facts{Record: r.ID, Owner: r.Owner, Region: r.Region, Verb: verb, State: r.State, Source: r.Source}
}

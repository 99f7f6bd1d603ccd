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

// Drawn follows when records of an owner were drawn for a check; each owner is told once.
type Drawn struct {
	Check   string `json:"check"`
	Number  string `json:"number"`
	Owner   string `json:"owner"`
	Region  string `json:"region"`
	Records int64  `json:"records"`
	Due     string `json:"due"`
}

// EventName is record.drawn.
func (Drawn) EventName() string { return "record.drawn" }

// Replied follows when an owner has answered about a record that was drawn.
type Replied struct {
	Checked   string `json:"checked"`
	Number    string `json:"number"` // of the check
	Owner     string `json:"owner"`
	Authority string `json:"authority"`
}

// EventName is record.replied.
func (Replied) EventName() string { return "record.replied" }

// Judged follows when a record that was drawn has passed or was struck.
type Judged struct {
	Checked string `json:"checked"`
	Record  string `json:"record"`
	Owner   string `json:"owner"`
	Region  string `json:"region"`
	State   string `json:"state"`
}

// EventName is record.judged.
func (Judged) EventName() string { return "record.judged" }

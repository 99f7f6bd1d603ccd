package roster

// Listed follows when an organisation has come onto a list, or its entry was matched to it.
type Listed struct {
	Org    string `json:"org"`
	List   string `json:"list"`
	Name   string `json:"name"` // of the list
	Kind   string `json:"kind"`
	Entry  string `json:"entry"`
	Region string `json:"region"`
}

// EventName is roster.listed.
func (Listed) EventName() string { return "roster.listed" }

// Unlisted follows when an organisation's entry was taken off a list, or turned out to mean somebody else.
type Unlisted struct {
	Org    string `json:"org"`
	List   string `json:"list"`
	Name   string `json:"name"`
	Kind   string `json:"kind"`
	Entry  string `json:"entry"`
	Region string `json:"region"`
}

// EventName is roster.unlisted.
func (Unlisted) EventName() string { return "roster.unlisted" }

// Imported follows when a file was applied to a list.
type Imported struct {
	List   string `json:"list"`
	Import string `json:"import"`
	Region string `json:"region"`
	Added  int64  `json:"added"`
	Gone   int64  `json:"gone"`
}

// EventName is roster.imported.
func (Imported) EventName() string { return "roster.imported" }

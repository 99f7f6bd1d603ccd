package find

// Matched follows when something new or changed fits a search whose owner wants to be told.
type Matched struct {
	Search string `json:"search"`
	Person string `json:"person"`
	Name   string `json:"name"`
	Count  int    `json:"count"`
}

// EventName is find.matched.
func (Matched) EventName() string { return "find.matched" }

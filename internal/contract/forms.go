package contract

import (
	_ "embed" // the forms
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/platform/fault"
)

// forms.json is what contracts are written from: dated data with their source. A text that is signed is kept as it was
// written; a form that changes is a new entry with a later day.
//
//go:embed forms.json
var formData []byte

// Form is one kind of contract on the days from From on.
type Form struct {
	ID       string    `json:"id"`
	From     string    `json:"from"` // civil day
	For      []string  `json:"for"`  // kinds of order
	Title    string    `json:"title"`
	Source   string    `json:"source"`
	Asks     []string  `json:"asks"` // the terms that the sides choose
	Usual    Terms     `json:"usual"`
	Articles []Article `json:"articles"`
	Annexes  []Article `json:"annexes"`
}

// Article is a numbered part; it stands in the text where its condition holds and it says anything.
type Article struct {
	Head string   `json:"head"`
	If   string   `json:"if"`
	Say  []Clause `json:"say"`
}

// Clause is a sentence that stands where its condition holds.
type Clause struct {
	If  string `json:"if"`
	Say string `json:"say"`
}

// readForms reads forms and refuses what could not be written.
func readForms(data []byte) ([]Form, error) {
	var out []Form
	if err := json.Unmarshal(data, &out); err != nil {
		return nil, fmt.Errorf("read the forms of contracts: %w", err)
	}
	for _, f := range out {
		usual := f.Usual
		if usual.Form = f.ID; usual.check(f) != nil {
			return nil, fmt.Errorf("contract: the usual terms of form %s are none", f.ID)
		}
	}
	return out, nil
}

// formsOf are the forms for a kind of order on a day, the newest of each.
func (s *Service) formsOf(kind, day string) []Form {
	var out []Form
	for _, f := range s.forms {
		if f.From > day || !slices.Contains(f.For, kind) {
			continue
		}
		if i := slices.IndexFunc(out, func(o Form) bool { return o.ID == f.ID }); i < 0 {
			out = append(out, f)
		} else if out[i].From < f.From {
			out[i] = f
		}
	}
	return out
}

// form is a form by its id; the first for the kind where none is named.
func (s *Service) form(id, kind, day string) (Form, error) {
	if s.unread != nil {
		return Form{}, s.unread
	}
	list := s.formsOf(kind, day)
	for _, f := range list {
		if id == "" || f.ID == id {
			return f, nil
		}
	}
	return Form{}, fault.New(fault.Invalid, "contract-form", "没有这种合同文本。").Field("form", "not-a-choice", "请从列表中选择。")
}

// values are what the conditions of a form ask about.
func values(f Facts, t Terms) map[string]string {
	yes := func(on bool) string {
		if on {
			return "yes"
		}
		return ""
	}
	return map[string]string{
		"data": t.Data, "result": t.Result, "publish": t.Publish, "rest": t.Rest, "nda": t.NDA, "patent": t.Patent, "risk": t.Risk, "liability": t.Liability, "decision": t.Decision,
		"secret": yes(t.Secret > 0), "extra": yes(t.Extra != ""), "time": yes(f.Time != ""), "stages": yes(len(f.Stages) > 0), "voucher": yes(f.Voucher > 0),
	}
}

// holds tells whether a condition holds: parts with commas between, each a name that is said (time), not said (!time), or said
// with a value (publish=free).
func holds(condition string, of map[string]string) bool {
	for _, part := range strings.Split(condition, ",") {
		name, value, exact := strings.Cut(part, "=")
		name, not := strings.CutPrefix(name, "!")
		switch {
		case part == "":
		case exact && of[name] != value, !exact && (of[name] == "") != not:
			return false
		}
	}
	return true
}

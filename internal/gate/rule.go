package gate

import (
	_ "embed" // asks.json
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"qiao/internal/order"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// What can be asked for.
const (
	Training      = "training"      // granted by the provider's staff
	Qualification = "qualification" // a certificate, checked by the provider's staff
	Hazard        = "hazard"        // a declaration of what the samples are
	Biosafety     = "biosafety"     // their biosafety level, which the laboratory must reach
	Ethics        = "ethics"        // people are involved: an ethics approval
	Genetics      = "genetics"      // human genetic resources: an approval or filing
)

// Kinds are all that can be asked for.
func Kinds() []string { return []string{Training, Qualification, Hazard, Biosafety, Ethics, Genetics} }

// PaperKinds are those for which a paper is kept.
func PaperKinds() []string { return []string{Training, Qualification, Ethics, Genetics} }

// levels are the answers about biosafety.
func levels() []string { return []string{"0", "1", "2", "3", "4"} }

// Rule is one thing a provider, or the law, asks for in its days.
type Rule struct {
	ID        string  `db:"id"`
	Owner     string  `db:"owner"`
	Region    string  `db:"region"`
	Resource  string  `db:"resource"` // one, or empty: a class
	Class     string  `db:"class"`    // its beginning; empty: all of the owner's
	Kind      string  `db:"kind"`
	Name      string  `db:"name"`
	Term      int64   `db:"term"`  // days a training holds, 0: for good
	Level     int64   `db:"level"` // biosafety level of the laboratory
	From      string  `db:"valid_from"`
	To        string  `db:"valid_to"`
	Person    string  `db:"person"`
	CreatedAt db.Time `db:"created_at"`
	Source    string  `db:"-"` // of what the law asks
}

// in tells whether the rule is in force on a civil day.
func (r Rule) in(day string) bool { return r.From <= day && (r.To == "" || day <= r.To) }

// covers tells whether the rule speaks of a resource of its owner.
func (r Rule) covers(resource, class string) bool {
	if r.Resource != "" {
		return r.Resource == resource
	}
	return strings.HasPrefix(class, r.Class)
}

// key tells rules apart that ask for the same thing.
func (r Rule) key() string {
	if r.Kind == Training || r.Kind == Qualification {
		return r.Kind + "/" + r.Name
	}
	return r.Kind
}

// Facts are what a check looks at.
type Facts struct {
	Day      string // of the booking
	Provider string
	Resource string
	Class    string
	Papers   []Paper           // of the person
	Answers  map[string]string // by kind
}

// Verdict is how one rule stands.
type Verdict struct {
	Rule  Rule
	OK    bool
	Why   string // what is missing: answer, paper, waiting, level; empty when OK
	Paper string // that satisfies it, or that waits
	Until string // its last day
}

// Check says, of each rule that applies, whether it is satisfied. It is pure: the same facts give the same verdicts, more
// papers never make one worse, and the order of the rules does not matter. Of two rules for the same thing the stricter holds.
func Check(rules []Rule, f Facts) []Verdict {
	found := map[string]Rule{}
	for _, r := range rules {
		if !r.in(f.Day) || !r.covers(f.Resource, f.Class) {
			continue
		}
		if old, there := found[r.key()]; !there || stricter(r, old) {
			found[r.key()] = r
		}
	}
	var out []Verdict
	for _, r := range found {
		out = append(out, judge(r, f))
	}
	slices.SortFunc(out, func(a, b Verdict) int {
		if d := slices.Index(Kinds(), a.Rule.Kind) - slices.Index(Kinds(), b.Rule.Kind); d != 0 {
			return d
		}
		return strings.Compare(a.Rule.Name, b.Rule.Name)
	})
	return out
}

// stricter tells whether a asks for more than b: a lower level of the laboratory, else the later rule.
func stricter(a, b Rule) bool {
	if a.Level != b.Level {
		return a.Level < b.Level
	}
	if a.From != b.From {
		return a.From > b.From
	}
	return a.ID > b.ID
}

func judge(r Rule, f Facts) Verdict {
	v := Verdict{Rule: r}
	answer := f.Answers[r.Kind]
	switch r.Kind {
	case Hazard:
		v.OK = slices.Contains(order.Hazards(), answer)
	case Biosafety:
		level, err := strconv.ParseInt(answer, 10, 64)
		v.OK = slices.Contains(levels(), answer) && err == nil && level <= r.Level
		if slices.Contains(levels(), answer) && !v.OK {
			v.Why = "level"
			return v
		}
	case Ethics, Genetics:
		switch answer {
		case "no":
			v.OK = true
		case "yes":
			return withPaper(v, f)
		}
	default:
		return withPaper(v, f)
	}
	if !v.OK {
		v.Why = "answer"
	}
	return v
}

// withPaper looks for the paper that satisfies a rule: the one that holds longest.
func withPaper(v Verdict, f Facts) Verdict {
	v.Why = "paper"
	for _, p := range f.Papers {
		if p.Provider != f.Provider || p.Kind != v.Rule.Kind || v.Rule.Kind != Ethics && v.Rule.Kind != Genetics && p.Name != v.Rule.Name {
			continue
		}
		switch {
		case p.State == Granted && p.From <= f.Day && (p.To == "" || f.Day <= p.To):
			if !v.OK || p.To == "" || v.Until != "" && p.To > v.Until {
				v.OK, v.Why, v.Paper, v.Until = true, "", p.ID, p.To
			}
		case !v.OK && open(p.State):
			v.Why, v.Paper = "waiting", p.ID
		}
	}
	return v
}

// law is what asks.json says.
type law struct {
	Remind []struct {
		From   string
		Days   int
		Source string
	}
	Asks []struct {
		Gate     string
		Words    []string
		From, To string
		Source   string
	}
}

//go:embed asks.json
var asksJSON []byte

func readLaw() (law, error) {
	var l law
	if err := json.Unmarshal(asksJSON, &l); err != nil {
		return l, fmt.Errorf("gate: read asks.json: %w", err)
	}
	return l, nil
}

// rules are what a purpose asks for by law.
func (l law) rules(purpose string) []Rule {
	purpose = strings.ToLower(purpose)
	var out []Rule
	for _, a := range l.Asks {
		if slices.ContainsFunc(a.Words, func(w string) bool { return strings.Contains(purpose, w) }) {
			out = append(out, Rule{ID: "law-" + a.Gate, Kind: a.Gate, From: a.From, To: a.To, Source: a.Source})
		}
	}
	return out
}

// days is how long before its end a paper is reminded of.
func (l law) days(day string) int {
	n := 0
	for _, r := range l.Remind {
		if r.From <= day {
			n = r.Days
		}
	}
	return n
}

// check is what a rule must be by itself.
func (r Rule) check() error {
	bad := fault.New(fault.Invalid, "gate-rule", "这条要求还不完整，请按提示修改。")
	if !slices.Contains(Kinds(), r.Kind) {
		bad.Field("kind", "unknown", "请选择要求什么。")
	}
	if n := utf8.RuneCountInString(r.Name); (r.Kind == Training || r.Kind == Qualification) && (n == 0 || n > 100) {
		bad.Field("name", "required", "请写明是什么培训或证书，最多 {0} 个字。", 100)
	}
	if r.Term < 0 || r.Term > 3660 {
		bad.Field("term", "range", "请填 {0} 到 {1} 之间的天数。", 0, 3660)
	}
	if r.Level < 0 || r.Level > 4 {
		bad.Field("level", "range", "请选择实验室的生物安全级别。")
	}
	if _, err := clock.Midnight(r.From); err != nil {
		bad.Field("from", "required", "请填写从哪一天起要求。")
	} else if r.To != "" && r.To < r.From {
		bad.Field("to", "order", "最后一天不能早于第一天。")
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// lastDay is the last day of a term that begins on a day; empty: for good.
func lastDay(from string, days int64) (string, error) {
	if days == 0 {
		return "", nil
	}
	return clock.AddDays(from, int(days)-1)
}

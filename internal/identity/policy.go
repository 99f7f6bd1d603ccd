package identity

import (
	"bytes"
	_ "embed" // the permission table
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"sort"
	"strings"

	"qiao/internal/platform/fault"
)

//go:embed permissions.csv
var permissionTable []byte

// Capacities that stand for a relation to the platform and not for an organisation's capacity.
const (
	CapacityPublic = "public" // visitors too
	CapacityPerson = "person" // whoever is signed in, with or without an organisation
)

// SideRegion is the row condition "the object's region lies in mine"; every other side names a party.
const SideRegion = "region"

// Object is what an action is done to, as far as the permission table asks.
type Object struct {
	Parties map[string]string // side ("buyer", "provider", "owner", "firm", "payee") -> organisation id
	Region  string            // six digits
}

// Rule is one row of the permission table: who may do the action, on which objects.
type Rule struct {
	Action   string
	Capacity string
	Roles    []string // empty: every role
	Side     string   // empty: every object; SideRegion; else the party that must be the subject's organisation
	Note     string   // why, in Chinese, for readers of the table
}

// Policy answers every question of "may this subject do that": one table for pages, API and lists.
// It is read once and never changed, so any number of goroutines may ask it.
type Policy struct {
	rules  map[string][]Rule
	stepUp map[string]bool // actions that ask for the password again
	order  []string        // actions in the order of the table
}

// NewPolicy reads the embedded permission table. Each of the actions given must have a row: the program
// passes every action its routes name, so that a route without a row stops the program at its start.
func NewPolicy(actions ...string) (*Policy, error) {
	p, err := ReadPolicy(bytes.NewReader(permissionTable))
	if err != nil {
		return nil, err
	}
	return p, p.Require(actions...)
}

var actionShape = regexp.MustCompile(`^[a-z]+\.[a-z]+(-[a-z]+)*$`)
var sideShape = regexp.MustCompile(`^[a-z]*$`)

// ReadPolicy reads a permission table: CSV with the columns action, capacity, roles ("*" or "admin|staff"),
// side, note; lines that begin with # are headings. A row with the word step-up for a capacity marks its action, see Act. A word that is not known is an error naming its line.
func ReadPolicy(r io.Reader) (*Policy, error) {
	c := csv.NewReader(r)
	c.Comment = '#'
	c.FieldsPerRecord = 5
	p := &Policy{rules: map[string][]Rule{}, stepUp: map[string]bool{}}
	for {
		rec, err := c.Read()
		if errors.Is(err, io.EOF) {
			return p, p.Require(slices.Collect(maps.Keys(p.stepUp))...)
		}
		if err != nil {
			return nil, fmt.Errorf("read the permission table: %w", err)
		}
		line, _ := c.FieldPos(0)
		if len(p.order) == 0 && rec[0] == "action" {
			continue
		}
		if rec[1] == CapacityStepUp {
			p.stepUp[rec[0]] = true
			continue
		}
		rule, err := readRule(rec)
		if err != nil {
			return nil, fmt.Errorf("permission table, line %d: %w", line, err)
		}
		if _, known := p.rules[rule.Action]; !known {
			p.order = append(p.order, rule.Action)
		}
		p.rules[rule.Action] = append(p.rules[rule.Action], rule)
	}
}

func readRule(rec []string) (Rule, error) {
	r := Rule{Action: rec[0], Capacity: rec[1], Side: rec[3], Note: rec[4]}
	if !actionShape.MatchString(r.Action) {
		return r, fmt.Errorf("action %q is not module.verb", r.Action)
	}
	if r.Capacity != CapacityPublic && r.Capacity != CapacityPerson && !slices.Contains(Capacities(), r.Capacity) {
		return r, fmt.Errorf("unknown capacity %q", r.Capacity)
	}
	if !sideShape.MatchString(r.Side) {
		return r, fmt.Errorf("side %q is not a word", r.Side)
	}
	if rec[2] != "*" {
		r.Roles = strings.Split(rec[2], "|")
	}
	for _, role := range r.Roles {
		if !slices.Contains(Roles(), role) {
			return r, fmt.Errorf("unknown role %q", role)
		}
	}
	if r.Capacity == CapacityPublic && (len(r.Roles) > 0 || r.Side != "") {
		return r, fmt.Errorf("a row for everyone has no role and no side")
	}
	return r, nil
}

// Require is an error naming each action that has no row.
func (p *Policy) Require(actions ...string) error {
	var missing []string
	for _, a := range actions {
		if _, known := p.rules[a]; !known && !slices.Contains(missing, a) {
			missing = append(missing, a)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	sort.Strings(missing)
	return fmt.Errorf("the permission table has no row for %s", strings.Join(missing, ", "))
}

// Actions lists every action in the order of the table.
func (p *Policy) Actions() []string { return slices.Clone(p.order) }

// Rules lists the rows of one action; none when the action is unknown.
func (p *Policy) Rules(action string) []Rule { return slices.Clone(p.rules[action]) }

// Can tells whether s may do action to o: nil, or a fault Unauthenticated or Forbidden that says who can.
// An action without a row is a mistake of the program and comes back as a plain error.
func (p *Policy) Can(s Subject, action string, o Object) error {
	return p.decide(s, action, func(r Rule) bool { return r.covers(s, o) })
}

// May tells, before an object is loaded, whether there is any object on which s may do action.
func (p *Policy) May(s Subject, action string) error {
	return p.decide(s, action, func(r Rule) bool { return r.reachable(s) })
}

func (p *Policy) decide(s Subject, action string, object func(Rule) bool) error {
	rules, known := p.rules[action]
	if !known {
		return p.Require(action)
	}
	for _, r := range rules {
		if r.admits(s) && object(r) {
			return nil
		}
	}
	if !s.SignedIn() {
		return fault.New(fault.Unauthenticated, "sign-in-needed", "请先登录，再继续这一步。")
	}
	return refusal(s, rules, object)
}

// admits tells whether the row speaks of this subject, whatever the object.
func (r Rule) admits(s Subject) bool {
	switch {
	case r.Capacity == CapacityPublic:
		return true
	case !s.SignedIn():
		return false
	case r.Capacity != CapacityPerson && !s.Has(r.Capacity):
		return false
	}
	return len(r.Roles) == 0 || slices.Contains(r.Roles, s.Role)
}

// reachable tells whether any object at all can meet the row's condition for s.
func (r Rule) reachable(s Subject) bool {
	switch r.Side {
	case "":
		return true
	case SideRegion:
		return ValidRegion(s.Region)
	}
	return s.Org != ""
}

// covers tells whether o meets the row's condition.
func (r Rule) covers(s Subject, o Object) bool {
	if !r.reachable(s) {
		return false
	}
	switch r.Side {
	case "":
		return true
	case SideRegion:
		return Within(o.Region, s.Region)
	}
	return o.Parties[r.Side] == s.Org
}

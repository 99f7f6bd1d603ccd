package record

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
	"qiao/internal/platform/state"
)

// The states of a check.
const (
	CheckOpen   = "open"
	CheckClosed = "closed" // every record of it is decided
)

// The states of a record that was drawn.
const (
	Asked    = "asked"    // its owner has not answered yet
	Answered = "answered" // and waits for the decision
	Passed   = "passed"   // there is proof of it
)

// The verbs of a record that was drawn; the last state is Struck.
const (
	VerbAnswer = "answer"
	VerbPass   = "pass"
)

// CheckedTable is the life of a record that was drawn.
func CheckedTable() state.Table {
	return state.Table{
		{From: Asked, Verb: VerbAnswer, To: Answered, Who: []string{Owner}},
		{From: Answered, Verb: VerbAnswer, To: Answered, Who: []string{Owner}},
		{From: Asked, Verb: VerbPass, To: Passed, Who: []string{Authority}},
		{From: Answered, Verb: VerbPass, To: Passed, Who: []string{Authority}},
		{From: Asked, Verb: VerbStrike, To: Struck, Who: []string{Authority}},
		{From: Answered, Verb: VerbStrike, To: Struck, Who: []string{Authority}},
	}
}

// Check is one draw of records to look at.
type Check struct {
	ID         string      `db:"id"`
	Org        string      `db:"org"`
	Region     string      `db:"region"`
	Serial     int64       `db:"serial"`
	Person     string      `db:"person"`
	Year       string      `db:"year"`
	Owner      string      `db:"owner"`
	Note       string      `db:"note"`
	Population int64       `db:"population"`
	Drawn      int64       `db:"drawn"`
	Decided    int64       `db:"decided"`
	Seed       string      `db:"seed"`
	List       string      `db:"list_sha256"`
	Due        string      `db:"due"`
	State      string      `db:"state"`
	CreatedAt  db.Time     `db:"created_at"`
	ClosedAt   db.NullTime `db:"closed_at"`
}

// Number is what people say of a check.
func (c Check) Number() string {
	return fmt.Sprintf("CC%s-%04d", clock.Day(c.CreatedAt.Time)[:4], c.Serial)
}

// Checked is one record that was drawn.
type Checked struct {
	ID        string      `db:"id"`
	Check     string      `db:"check_id"`
	Record    string      `db:"record"`
	Owner     string      `db:"owner"`
	Region    string      `db:"region"`
	Place     int64       `db:"place"`
	Lot       string      `db:"lot"`
	State     string      `db:"state"`
	Revision  int64       `db:"revision"`
	Reason    string      `db:"reason"`
	Person    string      `db:"person"`
	DecidedAt db.NullTime `db:"decided_at"`
}

// open tells whether it is not decided yet.
func (x Checked) open() bool { return x.State == Asked || x.State == Answered }

// Draw says which records to draw, and how.
type Draw struct {
	Year  string // of the services
	Owner string // one unit; "" is every unit of the region
	Count int64
	Seed  string // "": a random one
	Due   string // last day to answer; "": by the terms
	Note  string // what for
}

// maxPopulation bounds one draw; a unit has far fewer records of a year.
const maxPopulation = 200_000

// terms are the rules of spot checks that hold today.
func (s *Service) terms() Terms {
	out := s.national.Checks[0]
	for _, x := range s.national.Checks {
		if x.From <= s.today() {
			out = x
		}
	}
	return out
}

// checkDraw finds what is wrong with a draw, and fills in what was left out.
func (s *Service) checkDraw(d *Draw) error {
	bad, terms := fault.New(fault.Invalid, "draw-invalid", "抽查有误，请按提示修改。"), s.terms()
	if !validYear(d.Year) {
		bad.Field("year", "required", "请选择年度。")
	}
	if d.Count < 1 || d.Count > int64(terms.Most) {
		bad.Field("count", "range", "一次抽 1 至 {0} 条。", terms.Most)
	}
	d.Seed, d.Note = strings.TrimSpace(d.Seed), strings.TrimSpace(d.Note)
	if d.Seed == "" {
		d.Seed = rand.Text()
	}
	if utf8.RuneCountInString(d.Seed) > 100 || strings.ContainsFunc(d.Seed, unicode.IsControl) {
		bad.Field("seed", "range", "种子最多 100 个字，写在一行里。")
	}
	if n := utf8.RuneCountInString(d.Note); n > maxReason {
		bad.Field("note", "too-long", "有 {0} 个字，最多 {1} 个字。", n, maxReason)
	}
	today := s.today()
	switch last, err := clock.AddDays(today, terms.Days); {
	case err != nil:
		return fmt.Errorf("the last day to answer: %w", err)
	case d.Due == "":
		d.Due = last
	default:
		if _, err := clock.Midnight(d.Due); err != nil || d.Due <= today {
			bad.Field("due", "range", "答复期限应当在今天以后。")
		}
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// DrawCheck draws records to look at, and asks their owners.
func (s *Service) DrawCheck(ctx context.Context, by identity.Subject, d Draw) (Check, error) {
	c := Check{ID: id.New(), Org: by.Org, Region: by.Region, Person: by.Person, State: CheckOpen, CreatedAt: db.At(s.Clock.Now())}
	if err := s.Policy.Can(by, "record.draw", identity.Object{Region: by.Region}); err != nil {
		return c, err
	}
	if err := s.checkDraw(&d); err != nil {
		return c, err
	}
	c.Year, c.Owner, c.Note, c.Seed, c.Due = d.Year, d.Owner, d.Note, d.Seed, d.Due
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		from, err := s.candidates(ctx, tx, by, d)
		if err != nil {
			return err
		}
		if len(from) == 0 {
			return fault.New(fault.Conflict, "nothing-to-draw", "这个范围里没有可以抽查的记录：平台订单有全程凭证，正在抽查和已经通过的不再抽。")
		}
		inOrder(d.Seed, from)
		c.Population, c.Drawn = int64(len(from)), min(d.Count, int64(len(from)))
		if c.List, err = s.keepList(ctx, from, int(c.Drawn)); err != nil {
			return err
		}
		if c.Serial, err = nextCheck(ctx, tx, c.Org); err != nil {
			return err
		}
		asked := make([]Checked, c.Drawn)
		for i, x := range from[:c.Drawn] {
			asked[i] = Checked{ID: id.New(), Check: c.ID, Record: x.ID, Owner: x.Owner, Region: x.Region, Place: int64(i + 1), Lot: x.lot, State: Asked}
		}
		if err := insertCheck(ctx, tx, c, asked); err != nil {
			return err
		}
		return s.tellDrawn(ctx, tx, c, asked)
	})
	return c, err
}

// candidates are the records a draw is made from, while nobody changes them: those that count, came from outside Qiao, and
// are neither being looked at nor unchanged since they passed.
func (s *Service) candidates(ctx context.Context, tx *db.Tx, by identity.Subject, d Draw) ([]candidate, error) {
	owners, err := ownersOf(ctx, tx, s.whereDrawn(by, d))
	if err != nil {
		return nil, err
	}
	for _, o := range owners { // in their order, so that two draws do not wait for each other
		if _, err := lockOwner(ctx, tx, o); err != nil {
			return nil, err
		}
	}
	out, err := listCandidates(ctx, tx, s.whereDrawn(by, d), maxPopulation+1)
	if err == nil && len(out) > maxPopulation {
		err = fault.New(fault.Invalid, "population-too-large", "范围里有 {0} 条以上的记录，请选一个单位。", maxPopulation).Field("owner", "range", "范围里有 {0} 条以上的记录，请选一个单位。", maxPopulation)
	}
	return out, err
}

func (s *Service) whereDrawn(by identity.Subject, d Draw) *db.Where {
	w := s.where(by, Filter{Owner: d.Owner, Year: d.Year, State: Kept})
	w.And("source <> ?", FromOrder)
	w.And("NOT EXISTS (SELECT 1 FROM record_checked c WHERE c.record = record_record.id AND (c.state IN ('asked', 'answered') OR c.revision = record_record.revision))")
	return w
}

// Drawable is how many records a draw would be made from.
func (s *Service) Drawable(ctx context.Context, by identity.Subject, d Draw) (int64, error) {
	if err := s.Policy.May(by, "record.draw"); err != nil {
		return 0, err
	}
	return countRecords(ctx, s.DB, s.whereDrawn(by, d))
}

// keepList keeps the whole list a draw was made from as a file, so that anybody can draw again.
func (s *Service) keepList(ctx context.Context, from []candidate, drawn int) (string, error) {
	var b bytes.Buffer
	b.WriteString("\uFEFF") // by which spreadsheet programs know UTF-8
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	rows := [][]string{{"place", "lot", "record", "number", "owner", "drawn"}}
	for i, x := range from {
		rows = append(rows, []string{strconv.Itoa(i + 1), x.lot, x.ID, Record{Serial: x.Serial}.Number(), x.Owner, strconv.FormatBool(i < drawn)})
	}
	if err := w.WriteAll(rows); err != nil {
		return "", fmt.Errorf("write the list of a draw: %w", err)
	}
	ref, err := s.Files.Put(ctx, &b, int64(b.Len()))
	if err != nil {
		return "", fmt.Errorf("keep the list of a draw: %w", err)
	}
	return ref.SHA256, nil
}

// tellDrawn writes the draw down, and tells each owner once.
func (s *Service) tellDrawn(ctx context.Context, tx *db.Tx, c Check, asked []Checked) error {
	now := s.Clock.Now()
	if err := audit.Record(ctx, tx, now, audit.Entry{Action: "record.draw", Kind: "record-check", ID: c.ID, To: c.State, Data: []any{c.Year, c.Owner, c.Seed, c.Population, c.Drawn, c.List}}); err != nil {
		return err
	}
	many := map[string]int64{}
	var owners []string
	for _, x := range asked {
		if many[x.Owner]++; many[x.Owner] == 1 {
			owners = append(owners, x.Owner)
		}
	}
	slices.Sort(owners)
	for _, o := range owners {
		if err := outbox.Publish(ctx, tx, now, Drawn{Check: c.ID, Number: c.Number(), Owner: o, Region: c.Region, Records: many[o], Due: c.Due}); err != nil {
			return err
		}
	}
	return nil
}

package find

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/state"
	"qiao/internal/platform/textindex"
)

// The states of a group of synonyms.
const (
	StateProposed = "proposed"
	StateApproved = "approved" // in force
	StateRefused  = "refused"
	StateRetired  = "retired" // was in force
)

// Table is every move of a group; the side "operator" is who curates.
var Table = state.Table{
	{From: StateProposed, Verb: "approve", To: StateApproved, Who: []string{"operator"}},
	{From: StateProposed, Verb: "refuse", To: StateRefused, Who: []string{"operator"}},
	{From: StateApproved, Verb: "retire", To: StateRetired, Who: []string{"operator"}},
	{From: StateRefused, Verb: "approve", To: StateApproved, Who: []string{"operator"}},
	{From: StateRetired, Verb: "approve", To: StateApproved, Who: []string{"operator"}},
}

// Where a group comes from.
const (
	SourceCurated = "curated" // came with the program
	SourceTyped   = "typed"   // by the operator
	SourceLearnt  = "learnt"  // from searches that were refined
	SourceFound   = "found"   // in the records, or by their sound in the log
)

// Synonym is a group of words that mean one thing.
type Synonym struct {
	ID        string      `db:"id"`
	Words     string      `db:"words"` // one a line
	OneWay    bool        `db:"one_way"`
	State     string      `db:"state"`
	Source    string      `db:"source"`
	Note      string      `db:"note"`
	At        db.Time     `db:"at"`
	DecidedBy string      `db:"decided_by"`
	DecidedAt db.NullTime `db:"decided_at"`
}

// List is the words.
func (x Synonym) List() []string { return strings.Split(x.Words, "\n") }

// wordsOf reads words typed with commas or line breaks between them, each once.
func wordsOf(text string) []string {
	var out []string
	seen := map[string]bool{}
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("\n\r,，、;；", r) }) {
		w = strings.Join(strings.Fields(w), " ")
		if key := strings.ToLower(w); w != "" && !seen[key] {
			seen[key] = true
			out = append(out, w)
		}
	}
	return out
}

// Propose writes a group that waits for a decision.
func (s *Service) Propose(ctx context.Context, by identity.Subject, key, text string, oneWay bool, note string) (Synonym, error) {
	if err := s.Policy.May(by, "find.curate"); err != nil {
		return Synonym{}, err
	}
	words := wordsOf(text)
	problem := fault.New(fault.Invalid, "synonym-invalid", "请检查标出的内容。")
	if len(words) < 2 || len(words) > 20 {
		problem.Field("words", "words", "请写 2 到 20 个意思相同的词，用逗号或换行分隔。")
	}
	for _, w := range words {
		if utf8.RuneCountInString(w) > longestName {
			problem.Field("words", "long", "“{0}”太长，每个词最多 {1} 个字。", string([]rune(w)[:10])+"…", longestName)
			break
		}
	}
	if utf8.RuneCountInString(note) > 500 {
		problem.Field("note", "long", "备注最多 {0} 个字。", 500)
	}
	if len(problem.Fields) > 0 {
		return Synonym{}, problem
	}
	x := Synonym{ID: id.New(), Words: strings.Join(words, "\n"), OneWay: oneWay, State: StateProposed, Source: SourceTyped, Note: strings.TrimSpace(note), At: db.At(s.Clock.Now())}
	if key != "" {
		x.ID = id.From("find.synonym", by.Person, key)
	}
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		fresh, err := insertSynonym(ctx, tx, x)
		if err != nil || !fresh {
			return err
		}
		return audit.Record(ctx, tx, x.At.Time, audit.Entry{Action: "find.curate", Kind: "synonym", ID: x.ID, To: x.State, Data: x.Words})
	})
	return x, err
}

// Decide approves, refuses or retires a group. The engine has it before the answer is sent.
func (s *Service) Decide(ctx context.Context, by identity.Subject, synonym, verb string) error {
	if err := s.Policy.May(by, "find.curate"); err != nil {
		return err
	}
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		x, err := getSynonym(ctx, tx, synonym)
		if err != nil {
			return err
		}
		next, err := Table.Next(x.State, verb)
		if err != nil {
			return err
		}
		now := s.Clock.Now()
		x.State, x.DecidedBy, x.DecidedAt = next.To, by.Person, db.NullAt(now)
		done, err := decideSynonym(ctx, tx, x, next.From)
		if err == nil && !done {
			err = fault.New(fault.Conflict, "state-conflict", "当前状态（{0}）下不能执行此操作（{1}），请刷新页面查看最新状态。", next.From, verb)
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, audit.Entry{Action: "find.curate", Kind: "synonym", ID: x.ID, From: next.From, To: next.To})
	})
	if err != nil {
		return err
	}
	return s.Teach(ctx)
}

// Seed writes the groups that came with the program, those that are new; a decision made about one of them stays.
func (s *Service) Seed(ctx context.Context) error {
	var w db.Where
	w.And("source = ?", SourceCurated)
	had, err := listSynonyms(ctx, s.DB, &w)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, x := range had {
		known[x.ID] = true
	}
	var fresh []Synonym
	for _, g := range catalogue.Synonyms() {
		x := Synonym{ID: id.From("find.synonym", strings.Join(g.Words, "\n")), Words: strings.Join(g.Words, "\n"), OneWay: g.OneWay, State: StateApproved, Source: SourceCurated, At: db.At(s.Clock.Now())}
		if !known[x.ID] {
			fresh = append(fresh, x)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, x := range fresh {
			if _, err := insertSynonym(ctx, tx, x); err != nil {
				return err
			}
		}
		return nil
	})
}

// Teach gives the engine the groups that are in force.
func (s *Service) Teach(ctx context.Context) error {
	var w db.Where
	w.And("state = ?", StateApproved)
	list, err := listSynonyms(ctx, s.DB, &w)
	if err != nil {
		return err
	}
	groups := make([]textindex.Synonym, len(list))
	for i, x := range list {
		groups[i] = textindex.Synonym{Words: x.List(), OneWay: x.OneWay}
	}
	if err := s.Engine.SetSynonyms(groups); err != nil {
		return fmt.Errorf("teach the synonyms: %w", err)
	}
	return nil
}

// learn proposes two texts of which enough sessions typed the second after the first and then opened what they found.
func (s *Service) learn(ctx context.Context, tx *db.Tx, pair [2]string) error {
	if strings.Contains(pair[0], pair[1]) || strings.Contains(pair[1], pair[0]) {
		return nil // a longer or shorter form of the same words
	}
	words := pair[0] + "\n" + pair[1]
	_, err := insertSynonym(ctx, tx, Synonym{ID: id.From("find.synonym", "learnt", words), Words: words, OneWay: true, State: StateProposed, Source: SourceLearnt, At: db.At(s.Clock.Now())})
	return err
}

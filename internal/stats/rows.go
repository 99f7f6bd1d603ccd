package stats

import (
	"context"
	"fmt"

	"qiao/internal/identity"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/web"
)

// Row is one fact behind a number as its reader may see it.
type Row struct {
	When    string // the month; the day where the reader may see everything
	What    Kind
	Region  string // name, in the reader's language
	Asker   string // "某企业·南湖区" or the name
	Server  string // the same of the other side; may be empty
	Object  string // id of the order, need, grant or claim; empty in a masked row
	Amount  money.Fen
	Minutes int64
	Score   int64
	Counted bool // counts in the numerator of a share; true elsewhere
	Minus   bool // is taken off
	Masked  bool
}

// ActionRows is who sees rows unmasked: a row of the permission table, with the region of each fact.
const ActionRows = "stats.rows"

// Rows lists the facts behind a number, newest month first: masked, except those the subject may see. next is empty
// at the end.
func (s *Service) Rows(ctx context.Context, by identity.Subject, d Definition, scope Scope, cursor string, n int) (rows []Row, next string, err error) {
	if d.Formula.Form == FormStock {
		return nil, "", nil
	}
	from, err := parseCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	facts, err := listRows(ctx, s.db, d.Formula, scope, from, n+1)
	if err != nil {
		return nil, "", fmt.Errorf("read the rows of %s: %w", d.Code, err)
	}
	if len(facts) > n {
		facts = facts[:n]
		next = web.EncodeCursor(facts[n-1].Month, facts[n-1].ID)
	}
	b, err := s.bookOf(ctx, facts)
	if err != nil {
		return nil, "", err
	}
	for _, f := range facts {
		rows = append(rows, s.row(ctx, by, d, f, b))
	}
	return rows, next, nil
}

// book is what rows need to be told in words.
type book struct {
	orgs map[string]identity.Organisation
	tree *identity.Tree
}

func (s *Service) bookOf(ctx context.Context, facts []factRow) (book, error) {
	var ids []string
	for _, f := range facts {
		ids = append(ids, f.Org, f.Other)
	}
	orgs, err := s.deps.Organisations(ctx, s.db, distinct(ids))
	if err != nil {
		return book{}, fmt.Errorf("read the organisations of the rows: %w", err)
	}
	tree, err := s.deps.Tree(ctx, s.db)
	if err != nil {
		return book{}, fmt.Errorf("read the regions of the rows: %w", err)
	}
	return book{orgs, tree}, nil
}

func (s *Service) row(ctx context.Context, by identity.Subject, d Definition, f factRow, b book) Row {
	r := Row{When: f.Month, What: f.Kind, Region: placeName(ctx, b.tree, told(b.orgs[f.Org].Kind, f.Region)), Amount: f.Amount, Minutes: f.Minutes, Score: f.Score,
		Counted: f.Hit == 1, Minus: f.Kind != d.Formula.Of, Masked: true}
	if s.deps.Policy.Can(by, ActionRows, identity.Object{Region: f.Region}) == nil {
		r.Masked, r.When, r.Object, r.Region = false, f.Day, f.Object, placeName(ctx, b.tree, f.Region)
		r.Asker, r.Server = fullName(ctx, b.orgs[f.Org]), fullName(ctx, b.orgs[f.Other])
		return r
	}
	r.Asker, r.Server = b.mask(ctx, f.Org), b.mask(ctx, f.Other)
	return r
}

func fullName(ctx context.Context, o identity.Organisation) string {
	return i18n.Pick(ctx, o.NameZH, o.NameEN)
}

// mask says what kind of organisation it is and where, and nothing that could tell which one.
func (b book) mask(ctx context.Context, org string) string {
	if org == "" {
		return ""
	}
	o, ok := b.orgs[org]
	if !ok {
		return t(ctx, "某单位")
	}
	place := placeName(ctx, b.tree, told(o.Kind, o.Region))
	switch o.Kind {
	case kindCompany:
		return t(ctx, "某企业·{0}", place)
	case kindTeam:
		return t(ctx, "某团队·{0}", place)
	default:
		return t(ctx, "某机构·{0}", place)
	}
}

// Kinds of organisation that are many in every county.
const (
	kindCompany = "company"
	kindTeam    = "team"
)

// told is how near the place of an organisation is told to the public: companies and teams are many, so their county is;
// of universities, hospitals and authorities a county may have only one, so only the city is.
func told(kind, code string) string {
	if kind == kindCompany || kind == kindTeam {
		return code
	}
	return cityOf(code)
}

// parseCursor reads the place of a row: its month and its opaque id; empty is the beginning.
func parseCursor(c string) (after, error) {
	parts, err := web.DecodeCursor(c, 2)
	if err != nil {
		return after{}, err
	}
	return after{month: parts[0], id: parts[1]}, nil
}

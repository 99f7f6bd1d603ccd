package stats

import (
	"context"
	"fmt"

	"qiao/internal/identity"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
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
		next = formatCursor(facts[n-1])
	}
	orgs, err := s.organisationsOf(ctx, facts)
	if err != nil {
		return nil, "", err
	}
	for _, f := range facts {
		rows = append(rows, s.row(ctx, by, d, f, orgs))
	}
	return rows, next, nil
}

func (s *Service) organisationsOf(ctx context.Context, facts []factRow) (map[string]identity.Organisation, error) {
	seen := map[string]bool{}
	var ids []string
	for _, f := range facts {
		for _, org := range []string{f.Org, f.Other} {
			if org != "" && !seen[org] {
				seen[org] = true
				ids = append(ids, org)
			}
		}
	}
	orgs, err := s.deps.Organisations(ctx, s.db, ids)
	if err != nil {
		return nil, fmt.Errorf("read the organisations of the rows: %w", err)
	}
	return orgs, nil
}

func (s *Service) row(ctx context.Context, by identity.Subject, d Definition, f factRow, orgs map[string]identity.Organisation) Row {
	place := s.place(f.Region)
	r := Row{When: f.Month, What: f.Kind, Region: i18n.Pick(ctx, place.NameZH, place.NameEN), Amount: f.Amount, Minutes: f.Minutes, Score: f.Score,
		Counted: f.Hit == 1, Minus: f.Kind != d.Formula.Of, Masked: true}
	if s.deps.Policy.Can(by, ActionRows, identity.Object{Region: f.Region}) == nil {
		r.Masked, r.When, r.Object = false, f.Day, f.Object
		r.Asker, r.Server = fullName(ctx, orgs[f.Org]), fullName(ctx, orgs[f.Other])
		return r
	}
	r.Asker, r.Server = s.mask(ctx, f.Org, orgs), s.mask(ctx, f.Other, orgs)
	return r
}

func fullName(ctx context.Context, o identity.Organisation) string {
	return i18n.Pick(ctx, o.NameZH, o.NameEN)
}

// mask says what kind of organisation it is and where, and nothing that could tell which one. Enterprises and teams are many,
// so their county is told; of universities, hospitals and authorities a county may have only one, so only the city is.
func (s *Service) mask(ctx context.Context, org string, orgs map[string]identity.Organisation) string {
	if org == "" {
		return ""
	}
	o, ok := orgs[org]
	if !ok {
		return t(ctx, "某单位")
	}
	switch o.Kind {
	case "company":
		return t(ctx, "某企业·{0}", s.placeName(ctx, o.Region))
	case "team":
		return t(ctx, "某团队·{0}", s.placeName(ctx, o.Region))
	default:
		return t(ctx, "某机构·{0}", s.placeName(ctx, s.cityOf(o.Region)))
	}
}

func (s *Service) placeName(ctx context.Context, code string) string {
	p := s.place(code)
	return i18n.Pick(ctx, p.NameZH, p.NameEN)
}

// formatCursor and parseCursor carry the place of a row: its month and its opaque id.
func formatCursor(f factRow) string { return f.Month + "." + f.ID }

func parseCursor(c string) (after, error) {
	if c == "" {
		return after{}, nil
	}
	if len(c) != 44 || c[7] != '.' {
		return after{}, fault.New(fault.BadRequest, "cursor", "翻页位置已失效，请回到第一页重新查看。")
	}
	return after{month: c[:7], id: c[8:]}, nil
}

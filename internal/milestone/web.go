package milestone

import (
	"context"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

func t(ctx context.Context, text string, args ...any) string { return i18n.T(ctx, text, args...) }

// Routes are the module's pages.
func (s *Service) Routes() []web.Route {
	return []web.Route{{Pattern: "GET /desk/milestones", Action: "milestone.view", Private: true, Handle: s.showList}}
}

// API registers the JSON calls; the steps of a milestone are verbs of its order.
func (s *Service) API(g *web.APIGroup) {
	web.API(g, web.Op{
		Method: http.MethodGet, Path: "/api/v1/milestones", Action: "milestone.view", Tag: "order", Private: true, Summary: "未验收的里程碑，最早到期的在前",
	}, s.apiList)
}

// openRow is a milestone that waits, with whose order it is of.
type openRow struct {
	ID          string    `db:"id"`
	Order       string    `db:"order_id"`
	Number      string    `db:"number"`
	Buyer       string    `db:"buyer"`
	Provider    string    `db:"provider"`
	Name        string    `db:"name"`
	Deliverable string    `db:"deliverable"`
	DueOn       string    `db:"due_on"`
	Amount      money.Fen `db:"amount"`
	State       string    `db:"state"`
	UpdatedAt   db.Time   `db:"updated_at"`
	Sample      bool      `db:"sample"`
}

func (r openRow) late(today string) bool { return r.State == Planned && r.DueOn < today }

// open lists milestones that are agreed and not accepted, the first due first, as the subject may see them.
func (s *Service) open(ctx context.Context, by identity.Subject, more func(w *db.Where)) ([]openRow, error) {
	var w db.Where
	s.Policy.Filter(by, "milestone.view", map[string]string{Buyer: "p.buyer", Provider: "p.provider", identity.SideRegion: "p.region"}, &w)
	w.And("p.state = 'agreed'")
	w.And("m.state <> 'accepted'")
	if more != nil {
		more(&w)
	}
	return db.All[openRow](ctx, s.DB, `SELECT m.id, m.order_id, p.number, p.buyer, p.provider, m.name, m.deliverable, m.due_on, m.amount, m.state, m.updated_at, p.sample
		FROM milestone_milestone m JOIN milestone_plan p ON p.order_id = m.order_id AND p.version = m.version`+w.SQL()+` ORDER BY m.due_on, m.id LIMIT 500`, w.Args()...)
}

type listView struct {
	By    identity.Subject
	Rows  []openRow
	Orgs  map[string]identity.Organisation
	Today string
}

func (s *Service) showList(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v := listView{By: identity.SubjectOf(ctx), Today: s.today()}
	var err error
	if v.Rows, err = s.open(ctx, v.By, nil); err != nil {
		return err
	}
	if v.Orgs, err = s.orgs(ctx, v.Rows); err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, listPage(v))
}

func (s *Service) orgs(ctx context.Context, rows []openRow) (map[string]identity.Organisation, error) {
	var ids []string
	for _, x := range rows {
		ids = append(ids, x.Buyer, x.Provider)
	}
	slices.Sort(ids)
	return s.Organisations.Organisations(ctx, s.DB, slices.Compact(ids))
}

type (
	milestoneItem struct {
		ID          string    `json:"id"`
		Order       string    `json:"order"`
		Number      string    `json:"number" doc:"Of the order"`
		Name        string    `json:"name"`
		Deliverable string    `json:"deliverable"`
		DueOn       string    `json:"due_on"`
		Amount      money.Fen `json:"amount" doc:"Fen of the price that its acceptance makes payable"`
		State       string    `json:"state" enum:"planned,delivered"`
		Late        bool      `json:"late"`
	}
	milestonesOutput struct {
		Body struct {
			Items []milestoneItem `json:"items"`
		}
	}
)

func (s *Service) apiList(ctx context.Context, _ *struct{}) (*milestonesOutput, error) {
	rows, err := s.open(ctx, identity.SubjectOf(ctx), nil)
	if err != nil {
		return nil, err
	}
	out := &milestonesOutput{}
	out.Body.Items = make([]milestoneItem, len(rows))
	for i, x := range rows {
		out.Body.Items[i] = milestoneItem{x.ID, x.Order, x.Number, x.Name, x.Deliverable, x.DueOn, x.Amount, x.State, x.late(s.today())}
	}
	return out, nil
}

// soon is how many days before its day a milestone is told to whoever delivers it.
const soon = 7

// Tasks are what waits for the subject: milestones to deliver soon or overdue, delivered ones to accept.
func (s *Service) Tasks(ctx context.Context, by identity.Subject) ([]ui.Task, error) {
	if by.Org == "" || s.Policy.May(by, "milestone.view") != nil {
		return nil, nil
	}
	until, err := clock.AddDays(s.today(), soon)
	if err != nil {
		return nil, err
	}
	due, err := s.open(ctx, by, func(w *db.Where) {
		w.And("p.provider = ?", by.Org)
		w.And("m.state = ?", Planned)
		w.And("m.due_on <= ?", until)
	})
	if err != nil {
		return nil, err
	}
	wait, err := s.open(ctx, by, func(w *db.Where) {
		w.And("p.buyer = ?", by.Org)
		w.And("m.state = ?", Delivered)
	})
	if err != nil {
		return nil, err
	}
	return slices.Concat(task(t(ctx, "交付里程碑"), due, true), task(t(ctx, "验收里程碑"), wait, false)), nil
}

// task is one line of the desk for milestones that wait in the same way.
func task(title string, rows []openRow, promised bool) []ui.Task {
	if len(rows) == 0 {
		return nil
	}
	out := ui.Task{Title: title, Note: rows[0].Number + " · " + rows[0].Name, Link: "/desk/milestones", Icon: "flag", Count: len(rows), Since: rows[0].UpdatedAt.Time}
	if len(rows) == 1 {
		out.Link = "/desk/orders/" + rows[0].Order
	}
	if at, err := clock.Midnight(rows[0].DueOn); err == nil && promised {
		out.Due = at.AddDate(0, 0, 1)
	}
	return []ui.Task{out}
}

// Money is what of an order the milestones are shown with.
type Money struct {
	Own      money.Fen // what the buyer pays itself in all
	Invoiced money.Fen
	Paid     money.Fen
}

// row is one milestone on its order's page.
type row struct {
	Milestone
	Own   money.Fen
	Files []File
	Paid  string // of an accepted one: due, invoiced, paid
}

type panelView struct {
	Plan  Plan
	Rows  []row
	Today string
	Split bool // a voucher pays a part
}

// Panel draws, on an order's page, its milestones; nil where it has none, and for those who may not see them.
func (s *Service) Panel(ctx context.Context, by identity.Subject, order string, m Money) (templ.Component, error) {
	p, there, err := s.planOf(ctx, s.DB, order)
	if err != nil || !there || s.Policy.Can(by, "milestone.view", object(p)) != nil {
		return nil, err
	}
	all, err := list(ctx, s.DB, order)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	delivered, err := files(ctx, s.DB, order)
	if err != nil {
		return nil, err
	}
	v := panelView{Plan: p, Today: s.today(), Split: p.State != Proposed && m.Own != p.Total}
	v.Rows = rows(all, m)
	for i := range v.Rows {
		for _, f := range delivered {
			if f.Milestone == v.Rows[i].ID {
				v.Rows[i].Files = append(v.Rows[i].Files, f)
			}
		}
	}
	return panel(v), nil
}

// rows adds to milestones what each means in money: accepted ones count as invoiced and paid in the order of their places, as
// far as what was invoiced and paid goes.
func rows(all []Milestone, m Money) []row {
	amounts := make([]money.Fen, len(all))
	for i, x := range all {
		amounts[i] = x.Amount
	}
	own := Owns(m.Own, amounts)
	out := make([]row, len(all))
	var priced, owed money.Fen
	for i, x := range all {
		out[i] = row{Milestone: x, Own: own[i]}
		if x.State != Accepted {
			continue
		}
		priced, owed = priced+x.Amount, owed+own[i]
		switch {
		case m.Paid >= owed:
			out[i].Paid = "paid"
		case m.Invoiced >= priced:
			out[i].Paid = "invoiced"
		default:
			out[i].Paid = "due"
		}
	}
	return out
}

package usage

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/verify"
)

// Line is the year of one instrument.
type Line struct {
	Resource string `db:"resource"`
	Owner    string `db:"owner"`
	Sum
	Users  int64   // organisations outside the house
	Months []Month // those that have any sum, in order
}

// Year is the use of a year: the sum of all instruments the reader may see, and a page of them.
type Year struct {
	Year  int
	Total Sum
	Lines []Line
	Names map[string]Resource // by id; an instrument that left is missing
	Orgs  map[string]identity.Organisation
	More  bool // there are further lines
}

// The orders of a list: the least used first, or the most used.
const (
	LeastFirst = "least"
	MostFirst  = "most"
)

// YearRequest chooses a year. Every field may be empty.
type YearRequest struct {
	Year  int    // 0: this one
	Order string // LeastFirst or MostFirst; "" is MostFirst
	Limit int    // lines; 0 counts as 50, at most 5000
}

// rate is the order of lines by the share of the opening time that was used; what was never open counts as not used.
const rate = `CASE WHEN sum(open) > 0 THEN sum(used) * 1000 / sum(open) ELSE 0 END`

// Of is the use of instruments in a year, as the subject may see it.
func (s *Service) Of(ctx context.Context, by identity.Subject, req YearRequest) (Year, error) {
	y := Year{Year: req.Year}
	if err := s.Policy.May(by, "usage.view"); err != nil {
		return y, err
	}
	var err error
	if y.Year, err = s.year(req.Year); err != nil {
		return y, err
	}
	if req.Limit <= 0 || req.Limit > 5000 {
		req.Limit = 50
	}
	order := rate + " DESC, sum(used) DESC"
	if req.Order == LeastFirst {
		order = rate + ", sum(used)"
	}
	from, to := fmt.Sprintf("%d-01", y.Year), fmt.Sprintf("%d-12", y.Year)
	seen := func() *db.Where {
		var w db.Where
		s.Policy.Filter(by, "usage.view", map[string]string{"owner": "owner", identity.SideRegion: "region"}, &w)
		return &w
	}
	if y.Total, err = sumOf(ctx, s.DB, seen(), from, to); err != nil {
		return y, err
	}
	if y.Lines, err = listLines(ctx, s.DB, seen(), from, to, order, req.Limit+1); err != nil {
		return y, err
	}
	if y.More = len(y.Lines) > req.Limit; y.More {
		y.Lines = y.Lines[:req.Limit]
	}
	return y, s.fill(ctx, &y, from, to)
}

// fill adds names, months and users to lines.
func (s *Service) fill(ctx context.Context, y *Year, from, to string) error {
	var orgs []string
	y.Names = map[string]Resource{}
	for _, part := range chunks(y.Lines) {
		ids := make([]string, len(part))
		for i, l := range part {
			ids[i] = l.Resource
			if !slices.Contains(orgs, l.Owner) {
				orgs = append(orgs, l.Owner)
			}
		}
		names, err := s.Catalogue.Resources(ctx, s.DB, ids)
		if err != nil {
			return err
		}
		for _, r := range names {
			y.Names[r.ID] = r
		}
		months, err := listMonths(ctx, s.DB, ids, from, to)
		if err != nil {
			return err
		}
		users, err := countUsers(ctx, s.DB, ids, from+"-01", to+"-31")
		if err != nil {
			return err
		}
		of := map[string][]Month{}
		for _, m := range months {
			of[m.Resource] = append(of[m.Resource], m)
		}
		for i := range part {
			part[i].Months, part[i].Users = of[part[i].Resource], users[part[i].Resource]
		}
	}
	var err error
	y.Orgs, err = s.Organisations.Organisations(ctx, s.DB, orgs)
	return err
}

// chunks cuts lines into parts that fit into one question; what is changed in a part is changed in the whole.
func chunks(lines []Line) [][]Line { return slices.Collect(slices.Chunk(lines, 500)) }

// year is the year asked for, this one when none is.
func (s *Service) year(asked int) (int, error) {
	now := clock.Local(s.Clock.Now()).Year()
	if asked == 0 {
		return now, nil
	}
	if asked < 2000 || asked > now+1 {
		return now, fault.New(fault.BadRequest, "year", "请选择 2000 年到 {0} 年之间的年份。", strconv.Itoa(now+1))
	}
	return asked, nil
}

// One is the year of one instrument: its months, who used it most, and the orders behind the sums.
type One struct {
	Line
	Year    int
	NameZH  string
	NameEN  string
	Region  string
	Top     []User
	Entries []Entry // the newest first
	More    bool    // there are older entries than those shown
	Orgs    map[string]identity.Organisation
}

// OneRequest chooses an instrument's year, or one month of it.
type OneRequest struct {
	Resource string
	Year     int
	Month    string // YYYY-MM: only entries of this month; "" is the whole year
	Limit    int    // entries; 0 counts as 100, at most 20,000
}

// One is the year of an instrument for who may see it.
func (s *Service) One(ctx context.Context, by identity.Subject, req OneRequest) (One, error) {
	var x One
	list, err := s.Catalogue.Resources(ctx, s.DB, []string{req.Resource})
	if err != nil {
		return x, err
	}
	if len(list) == 0 {
		return x, fault.New(fault.NotFound, "no-usage", "没有这台仪器的使用情况，它可能已经下架。")
	}
	r := list[0]
	if err := s.Policy.Can(by, "usage.view", identity.Object{Parties: map[string]string{"owner": r.Owner}, Region: r.Region}); err != nil {
		return x, err
	}
	if x.Year, err = s.year(req.Year); err != nil {
		return x, err
	}
	if req.Limit <= 0 || req.Limit > 20_000 {
		req.Limit = 100
	}
	from, to := fmt.Sprintf("%d-01", x.Year), fmt.Sprintf("%d-12", x.Year)
	x.Resource, x.Owner, x.NameZH, x.NameEN, x.Region = r.ID, r.Owner, r.NameZH, r.NameEN, r.Region
	if x.Months, err = listMonths(ctx, s.DB, []string{r.ID}, from, to); err != nil {
		return x, err
	}
	for _, m := range x.Months {
		x.Sum = x.plus(m.Sum)
	}
	users, err := countUsers(ctx, s.DB, []string{r.ID}, from+"-01", to+"-31")
	if err != nil {
		return x, err
	}
	x.Users = users[r.ID]
	return x, s.rows(ctx, &x, req, from, to)
}

// rows adds who used an instrument most, and the orders.
func (s *Service) rows(ctx context.Context, x *One, req OneRequest, from, to string) error {
	if req.Month != "" {
		if _, err := clock.Midnight(req.Month + "-01"); err != nil {
			return fault.New(fault.BadRequest, "month", "月份格式不对，请写成 2026-11。").Because(err)
		}
		from, to = req.Month, req.Month
	}
	var err error
	if x.Top, err = listUsers(ctx, s.DB, x.Resource, from+"-01", to+"-31", 5); err != nil {
		return err
	}
	if x.Entries, err = listEntries(ctx, s.DB, x.Resource, from+"-01", to+"-31", req.Limit+1); err != nil {
		return err
	}
	if x.More = len(x.Entries) > req.Limit; x.More {
		x.Entries = x.Entries[:req.Limit]
	}
	orgs := []string{x.Owner}
	for _, u := range x.Top {
		orgs = append(orgs, u.Org)
	}
	for _, e := range x.Entries {
		orgs = append(orgs, e.Buyer)
	}
	slices.Sort(orgs)
	x.Orgs, err = s.Organisations.Organisations(ctx, s.DB, slices.Compact(orgs))
	return err
}

// plus is two sums together.
func (s Sum) plus(o Sum) Sum {
	return Sum{
		s.Open + o.Open, s.Down + o.Down, s.Bookings + o.Bookings, s.Missed + o.Missed, s.Orders + o.Orders,
		s.Booked + o.Booked, s.BookedInner + o.BookedInner, s.Used + o.Used, s.UsedInner + o.UsedInner,
	}
}

// Verify checks what must always hold: the sums of a month are the sums of its entries.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	bad, err := db.All[string](ctx, q, `SELECT m.resource || ' ' || m.month FROM usage_month m LEFT JOIN (
			SELECT resource, substr(day, 1, 7) AS month, sum(booked) AS booked, sum(used) AS used, sum(CASE WHEN inner_use THEN used ELSE 0 END) AS inner_used,
				sum(CASE WHEN booking AND booked > 0 THEN 1 ELSE 0 END) AS bookings, sum(CASE WHEN missed THEN 1 ELSE 0 END) AS missed, sum(CASE WHEN used > 0 THEN 1 ELSE 0 END) AS orders
			FROM usage_entry GROUP BY resource, substr(day, 1, 7)) e ON e.resource = m.resource AND e.month = m.month
		WHERE m.booked <> coalesce(e.booked, 0) OR m.used <> coalesce(e.used, 0) OR m.used_inner <> coalesce(e.inner_used, 0) OR m.bookings <> coalesce(e.bookings, 0)
			OR m.missed <> coalesce(e.missed, 0) OR m.orders <> coalesce(e.orders, 0) ORDER BY 1`)
	if err != nil {
		return nil, fmt.Errorf("verify the sums of use: %w", err)
	}
	out := make([]verify.Finding, len(bad))
	for i, object := range bad {
		out[i] = verify.Finding{Code: "usage.sum", Object: object, Text: "the sums of the month are not the sums of its orders"}
	}
	return out, nil
}

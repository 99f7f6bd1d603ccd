package record

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/money"
	"qiao/internal/platform/web"
)

// Filter chooses records. Every field may be empty.
type Filter struct {
	ID       string // one record
	Owner    string // organisation
	Year     string // 2026
	Month    string // 2026-11
	Resource string
	Side     string // insideYes or insideNo
	State    string
	Source   string
	User     string // key of a user
	Upload   string
	Text     string // a part of the user, project, instrument, contract, invoice or own number
	Cursor   string
	Limit    int // 1…200; 0 counts as 50
}

// FilterOf reads the filter of an address.
func FilterOf(v url.Values) Filter {
	f := Filter{
		Owner: v.Get("owner"), Year: v.Get("year"), Month: v.Get("month"), Resource: v.Get("resource"), Side: v.Get("side"), State: v.Get("state"), Source: v.Get("source"), User: v.Get("user"),
		Upload: v.Get("upload"), Text: strings.TrimSpace(v.Get("q")), Cursor: v.Get("cursor"),
	}
	if !validYear(f.Year) {
		f.Year = ""
	}
	return f
}

func validYear(y string) bool {
	return len(y) == 4 && strings.Trim(y, "0123456789") == ""
}

// values is the filter as an address has it, without its place in the list.
func (f Filter) values() url.Values {
	v := url.Values{}
	for name, value := range map[string]string{"owner": f.Owner, "year": f.Year, "month": f.Month, "resource": f.Resource, "side": f.Side, "state": f.State, "source": f.Source, "user": f.User, "upload": f.Upload, "q": f.Text} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return v
}

// Link is the address of the list with this filter.
func (f Filter) Link() string {
	if q := f.values().Encode(); q != "" {
		return "/desk/records?" + q
	}
	return "/desk/records"
}

// where turns a filter into conditions.
func (s *Service) where(by identity.Subject, f Filter) *db.Where {
	var w db.Where
	s.Policy.Filter(by, "record.view", map[string]string{Owner: "owner", identity.SideRegion: "region"}, &w)
	for _, x := range []struct{ column, value string }{{"id", f.ID}, {"owner", f.Owner}, {"resource", f.Resource}, {"state", f.State}, {"source", f.Source}, {"user_key", f.User}, {"upload", f.Upload}} {
		if x.value != "" {
			w.And(x.column+" = ?", x.value)
		}
	}
	if f.Year != "" {
		w.And("day >= ?", f.Year+"-01-01")
		w.And("day <= ?", f.Year+"-12-31")
	}
	if f.Month != "" {
		w.And("day >= ?", f.Month+"-01")
		w.And("day <= ?", f.Month+"-31")
	}
	if f.Side != "" {
		w.And("inside = ?", f.Side == insideYes)
	}
	if text := strings.ToLower(f.Text); text != "" {
		p := "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(text) + "%"
		var conds []string
		var args []any
		for _, c := range []string{"user_name", "project", "resource_zh", "resource_en", "instrument", "contract", "invoice", "own_number", "order_number", "applicant"} {
			conds, args = append(conds, "lower("+c+") LIKE ? ESCAPE '!'"), append(args, p)
		}
		w.And(strings.Join(conds, " OR "), args...)
	}
	return &w
}

// List is the records the subject may see, the newest service first; next is the cursor of the next page.
func (s *Service) List(ctx context.Context, by identity.Subject, f Filter) (out []Record, next string, err error) {
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	w := s.where(by, f)
	after, err := web.DecodeCursor(f.Cursor, 2)
	if err != nil {
		return nil, "", err
	}
	if f.Cursor != "" {
		w.And("(day, id) < (?, ?)", after[0], after[1])
	}
	out, err = db.All[Record](ctx, s.DB, `SELECT `+columnsOfRecord+` FROM record_record`+w.SQL()+` ORDER BY day DESC, id DESC LIMIT `+w.Arg(f.Limit+1), w.Args()...)
	if err != nil {
		return nil, "", fmt.Errorf("list service records: %w", err)
	}
	if len(out) > f.Limit {
		out = out[:f.Limit]
		next = web.EncodeCursor(out[f.Limit-1].Day, out[f.Limit-1].ID)
	}
	return out, next, nil
}

// Sums is what records add up to.
type Sums struct {
	Records int64     `db:"records"`
	Hours   int64     `db:"hours"` // hundredths
	Samples int64     `db:"samples"`
	Fee     money.Fen `db:"fee"`
	Users   int64     `db:"users"` // different ones
}

const sumColumns = `count(*) AS records, CAST(coalesce(sum(hours), 0) AS BIGINT) AS hours, CAST(coalesce(sum(samples), 0) AS BIGINT) AS samples, CAST(coalesce(sum(fee), 0) AS BIGINT) AS fee, count(DISTINCT user_key) AS users`

// Total adds up the records that a filter chooses.
func (s *Service) Total(ctx context.Context, by identity.Subject, f Filter) (Sums, error) {
	w := s.where(by, f)
	out, err := db.One[Sums](ctx, s.DB, `SELECT `+sumColumns+` FROM record_record`+w.SQL(), w.Args()...)
	if err != nil {
		return out, fmt.Errorf("add up service records: %w", err)
	}
	return out, nil
}

// Get is one record, for who may see it.
func (s *Service) Get(ctx context.Context, by identity.Subject, recordID string) (Record, error) {
	r, err := getRecord(ctx, s.DB, recordID)
	if err != nil {
		return r, err
	}
	return r, s.Policy.Can(by, "record.view", object(r.Owner, r.Region))
}

// years are the years of which there are records to see, the newest first.
func (s *Service) years(ctx context.Context, by identity.Subject, owner string) ([]string, error) {
	w := s.where(by, Filter{Owner: owner})
	out, err := db.All[string](ctx, s.DB, `SELECT DISTINCT substr(day, 1, 4) AS y FROM record_record`+w.SQL()+` ORDER BY y DESC`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list the years of service records: %w", err)
	}
	return out, nil
}

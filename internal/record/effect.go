package record

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/web"
)

// EffectRow is what one instrument, or one unit, did in a year: each figure is the sum of the records that its filter
// chooses.
type EffectRow struct {
	Key     string // id of the instrument or of the unit
	ZH, EN  string
	Number  string // the unit's own number of the instrument
	Inside  Sums
	Outside Sums
	All     Sums
}

// Effect is the yearly effect report (年度服务成效) of a unit, or of all units that the reader sees.
type Effect struct {
	Year     string
	Owner    string // "" is all units, a row each
	Rows     []EffectRow
	Total    EffectRow
	Owned    int64 // instruments of the unit that stand in the catalogue
	Shared   int64 // of those that served anybody
	External int64 // of those that served somebody outside
	Projects int64 // different ones that were served
}

// sumRow is a line of a grouped sum.
type sumRow struct {
	Key    string `db:"key"`
	ZH     string `db:"zh"`
	EN     string `db:"en"`
	Number string `db:"number"`
	Side   int64  `db:"side"` // 1 inside, 0 outside, 2 both
	Sums
}

// Effect adds up a year.
func (s *Service) Effect(ctx context.Context, by identity.Subject, owner, year string) (Effect, error) {
	e := Effect{Year: year, Owner: owner}
	f := Filter{Owner: owner, Year: year, State: Kept}
	group, number := "resource", "max(instrument)"
	if owner == "" {
		group, number = "owner", "''"
	}
	const side = `CASE WHEN inside THEN 1 ELSE 0 END`
	at := map[string]int{}
	take := func(query, tail string, put func(sumRow) error) error {
		w := s.where(by, f)
		rows, err := db.All[sumRow](ctx, s.DB, query+` FROM record_record`+w.SQL()+tail, w.Args()...)
		if err != nil {
			return fmt.Errorf("add up service records: %w", err)
		}
		for _, r := range rows {
			if err := put(r); err != nil {
				return err
			}
		}
		return nil
	}
	into := func(x *EffectRow, r sumRow) {
		switch r.Side {
		case 0:
			x.Outside = r.Sums
		case 1:
			x.Inside = r.Sums
		default:
			x.All = r.Sums
		}
	}
	head := `SELECT ` + group + ` AS key, max(resource_zh) AS zh, max(resource_en) AS en, ` + number + ` AS number, `
	err := take(head+`2 AS side, `+sumColumns, ` GROUP BY `+group+` ORDER BY hours DESC, fee DESC, `+group, func(r sumRow) error {
		at[r.Key] = len(e.Rows)
		e.Rows = append(e.Rows, EffectRow{Key: r.Key, ZH: r.ZH, EN: r.EN, Number: r.Number, All: r.Sums})
		return nil
	})
	if err != nil {
		return e, err
	}
	err = take(head+side+` AS side, `+sumColumns, ` GROUP BY `+group+`, `+side, func(r sumRow) error {
		if i, ok := at[r.Key]; ok {
			into(&e.Rows[i], r)
		}
		return nil
	})
	if err != nil {
		return e, err
	}
	total := `SELECT '' AS key, '' AS zh, '' AS en, '' AS number, `
	if err := take(total+side+` AS side, `+sumColumns, ` GROUP BY `+side, func(r sumRow) error { into(&e.Total, r); return nil }); err != nil {
		return e, err
	}
	if err := take(total+`2 AS side, `+sumColumns, ``, func(r sumRow) error { into(&e.Total, r); return nil }); err != nil {
		return e, err
	}
	w := s.where(by, f)
	w.And("project <> ''")
	if e.Projects, err = db.One[int64](ctx, s.DB, `SELECT count(DISTINCT project) FROM record_record`+w.SQL(), w.Args()...); err != nil {
		return e, fmt.Errorf("count the projects served: %w", err)
	}
	err = s.share(ctx, &e)
	return e, err
}

// share counts the instruments of a unit, and those of them that served somebody; of all units it names the units.
func (s *Service) share(ctx context.Context, e *Effect) error {
	if e.Owner == "" {
		ids := make([]string, len(e.Rows))
		for i, r := range e.Rows {
			ids[i] = r.Key
		}
		orgs, err := s.Organisations.Organisations(ctx, s.DB, ids)
		if err != nil {
			return err
		}
		for i := range e.Rows {
			o := orgs[e.Rows[i].Key]
			e.Rows[i].ZH, e.Rows[i].EN = o.NameZH, o.NameEN
		}
		return nil
	}
	owned, err := s.Catalogue.Owned(ctx, s.DB, e.Owner)
	if err != nil {
		return err
	}
	served := map[string]EffectRow{}
	for _, r := range e.Rows {
		served[r.Key] = r
	}
	for _, x := range owned {
		if x.Kind != "instrument" && x.Kind != "facility" {
			continue
		}
		e.Owned++
		if served[x.ID].All.Records > 0 {
			e.Shared++
		}
		if served[x.ID].Outside.Records > 0 {
			e.External++
		}
	}
	return nil
}

// Filter is the records that a figure of the report is the sum of; a row's key is empty for the totals.
func (e Effect) Filter(key, side string) Filter {
	f := Filter{Owner: e.Owner, Year: e.Year, Side: side, State: Kept}
	switch {
	case key == "":
	case e.Owner == "":
		f.Owner = key
	default:
		f.Resource = key
	}
	return f
}

// percent writes a share in whole hundredths of itself: 8 of 12 is 66.7%.
func percent(part, whole int64) string {
	if whole == 0 {
		return "—"
	}
	n := (part*1000 + whole/2) / whole
	return strconv.FormatInt(n/10, 10) + "." + strconv.FormatInt(n%10, 10) + "%"
}

// effectView is the report on its page.
type effectView struct {
	Effect
	Years []string
	Unit  identity.Organisation
	Own   bool // the reader is of the unit
}

// effectOf is the report that an address asks for: of one's own unit, of one that is named, or of all.
func (s *Service) effectOf(ctx context.Context, by identity.Subject, v url.Values) (Effect, error) {
	year, owner := v.Get("year"), v.Get("owner")
	if !validYear(year) {
		year = s.today()[:4]
	}
	if !s.around(by) {
		owner = by.Org
	}
	return s.Effect(ctx, by, owner, year)
}

func (s *Service) showEffect(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	by := identity.SubjectOf(ctx)
	e, err := s.effectOf(ctx, by, r.URL.Query())
	if err != nil {
		return err
	}
	v := effectView{Effect: e, Own: e.Owner == by.Org}
	if v.Years, err = s.years(ctx, by, e.Owner); err != nil {
		return err
	}
	if e.Owner != "" {
		orgs, err := s.Organisations.Organisations(ctx, s.DB, []string{e.Owner})
		if err != nil {
			return err
		}
		v.Unit = orgs[e.Owner]
	}
	return web.Page(w, r, http.StatusOK, effectPage(v))
}

// The report over the API.
type effectIn struct {
	Year  string `query:"year" example:"2026"`
	Owner string `query:"owner" doc:"Of one unit; for those who see several, all units where empty"`
}

type effectRowBody struct {
	ID      string   `json:"id,omitempty" doc:"Of the instrument, or of the unit"`
	Name    string   `json:"name,omitempty"`
	Number  string   `json:"number,omitempty"`
	Inside  sumsBody `json:"inside"`
	Outside sumsBody `json:"outside"`
	All     sumsBody `json:"all"`
}

type effectOut struct {
	Body struct {
		Year     string          `json:"year"`
		Owner    string          `json:"owner,omitempty"`
		Items    []effectRowBody `json:"items"`
		Total    effectRowBody   `json:"total"`
		Owned    int64           `json:"instruments" doc:"Of the unit, in the catalogue"`
		Shared   int64           `json:"instruments_shared" doc:"That served anybody"`
		External int64           `json:"instruments_external" doc:"That served somebody outside"`
		Projects int64           `json:"projects" doc:"Different ones that were served"`

		National map[string]string `json:"national,omitempty" doc:"Of one unit: the fields of the national platform's yearly effect (instruType 7); empty ones are for the unit to fill in"`
	}
}

func (s *Service) apiEffect(ctx context.Context, in *effectIn) (*effectOut, error) {
	e, err := s.effectOf(ctx, identity.SubjectOf(ctx), url.Values{"year": {in.Year}, "owner": {in.Owner}})
	if err != nil {
		return nil, err
	}
	row := func(r EffectRow) effectRowBody {
		return effectRowBody{r.Key, i18n.Pick(ctx, r.ZH, r.EN), r.Number, wireSums(r.Inside), wireSums(r.Outside), wireSums(r.All)}
	}
	out := &effectOut{}
	out.Body.Year, out.Body.Owner, out.Body.Items, out.Body.Total = e.Year, e.Owner, []effectRowBody{}, row(e.Total)
	out.Body.Owned, out.Body.Shared, out.Body.External, out.Body.Projects = e.Owned, e.Shared, e.External, e.Projects
	if e.Owner != "" {
		out.Body.National = e.national(s.format())
	}
	for _, r := range e.Rows {
		out.Body.Items = append(out.Body.Items, row(r))
	}
	return out, nil
}

package importing

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"qiao/internal/identity"
	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// mendPage is how many rows stand on one page of mending.
const mendPage = 10

// mendView is a page of rejected rows as forms.
type mendView struct {
	Report
	Rows []BadRow
	All  int64 // rows that wait
	Next int64 // first line of the next page; 0: none
	Form *form.Form
}

func (s *Service) mendRoutes(desk func(string, web.Handler) web.Route) []web.Route {
	return []web.Route{
		desk("GET /desk/imports/{id}/mend", s.showMend),
		desk("POST /desk/imports/{id}/mend", s.submitMend),
	}
}

func (s *Service) showMend(w http.ResponseWriter, r *http.Request) error {
	from, _ := strconv.ParseInt(r.URL.Query().Get("from"), 10, 64) // anything else is the first page
	report, rows, all, err := s.BadRows(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"), from, mendPage+1)
	if err != nil {
		return err
	}
	if err := mendable(report); err != nil {
		return err
	}
	v := mendView{Report: report, All: all, Form: form.Of(nil)}
	if len(rows) > mendPage {
		v.Next, rows = rows[mendPage].Line, rows[:mendPage]
	}
	v.Rows = rows
	for _, row := range rows {
		for i := range report.Headings {
			v.Form.Set(cellName(row.Line, i), row.cell(i))
		}
		for _, e := range row.Errors {
			if i := report.column(e.Column); i >= 0 {
				v.Form.Add(cellName(row.Line, i), e.Code, e.Text, e.Args...)
			}
		}
	}
	return web.Page(w, r, http.StatusOK, mendingPage(v))
}

// cellName is the name of the field for a cell.
func cellName(line int64, column int) string {
	return "c-" + strconv.FormatInt(line, 10) + "-" + strconv.Itoa(column)
}

// submitMend takes a page of rows in; what is still wrong stays with what was typed.
func (s *Service) submitMend(w http.ResponseWriter, r *http.Request) error {
	ctx, f, id := r.Context(), form.Read(r), r.PathValue("id")
	report, err := s.Report(ctx, identity.SubjectOf(ctx), id)
	if err != nil {
		return err
	}
	cells, drop, dropped := map[int64][]string{}, []int64{}, f.All("drop")
	for _, text := range f.All("line") {
		line, err := strconv.ParseInt(text, 10, 64)
		switch {
		case err != nil:
			continue
		case slices.Contains(dropped, text):
			drop = append(drop, line)
			continue
		}
		row := make([]string, len(report.Headings))
		for i := range row {
			row[i] = f.Text(cellName(line, i))
		}
		cells[line] = row
	}
	m, err := s.Mend(ctx, identity.SubjectOf(ctx), id, cells, drop)
	if err != nil {
		return err
	}
	to, said := "/desk/imports/"+id, t(ctx, "{0} 行已入库。", m.In)
	if m.Still > 0 {
		to, said = to+"/mend", t(ctx, "{0} 行已入库，{1} 行还要改。", m.In, m.Still)
	} else if f.Text("next") != "" {
		to += "/mend?from=" + f.Text("next")
	}
	return web.SeeOther(w, r, to, said)
}

// first are the columns of a row that something is wrong with, and those that name it; the others follow.
func (v mendView) columns(b BadRow) (first, others []int) {
	for i, h := range v.Headings {
		target := v.plan.Columns[h]
		switch {
		case h == "" || isProblem(h):
		case b.wrong(h) || slices.Contains([]string{"name_zh", "name_en", "@name"}, target):
			first = append(first, i)
		default:
			others = append(others, i)
		}
	}
	return first, others
}

// whole are the problems of a row that belong to no column.
func (b BadRow) whole(ctx context.Context, r Report) []string {
	var out []string
	for _, e := range b.Errors {
		if r.column(e.Column) < 0 {
			out = append(out, i18n.T(ctx, e.Text, e.Args...))
		}
	}
	return out
}

func (v mendView) lead(ctx context.Context) string {
	return t(ctx, "还有 {0} 行没有入库。改好的行提交后立即入库，没改好的留在这里，填过的内容不会丢。", v.All)
}

func (v mendView) input(line int64, i int) ui.Input {
	return ui.Input{Name: cellName(line, i), Label: v.Headings[i]}
}

// apiMend is the mending of rows for programs.
func (s *Service) apiMend(g *web.APIGroup, op func(method, path, summary, description string) web.Op) {
	web.API(g, op("GET", "/imports/{id}/rows", "列出需要更正的行", "Rejected rows with their cells and what is wrong, by line; next is the line to go on from."), s.apiRows)
	web.API(g, op("POST", "/imports/{id}/rows", "更正导入的行", "Cells by heading replace those of the row; what is not named stays. Rows that are right now are in at once, the others stay with what was sent."), s.apiMendRows)
}

type rowsIn struct {
	ID    string `path:"id"`
	From  int64  `query:"from" doc:"First line"`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

type rowBody struct {
	Row    int64             `json:"row" doc:"As the spreadsheet program numbers it"`
	Cells  map[string]string `json:"cells" doc:"By heading"`
	Errors []importError     `json:"errors"`
}

type rowsOut struct {
	Body struct {
		Items []rowBody `json:"items"`
		Total int64     `json:"total" doc:"Rows that wait"`
		Next  int64     `json:"next,omitempty"`
	}
}

func (s *Service) apiRows(ctx context.Context, in *rowsIn) (*rowsOut, error) {
	r, rows, all, err := s.BadRows(ctx, identity.SubjectOf(ctx), in.ID, in.From, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &rowsOut{}
	if out.Body.Items, out.Body.Total = []rowBody{}, all; len(rows) > in.Limit {
		out.Body.Next, rows = rows[in.Limit].Line, rows[:in.Limit]
	}
	for _, b := range rows {
		row := rowBody{Row: b.Line, Cells: map[string]string{}, Errors: []importError{}}
		for i, h := range r.Headings {
			if h != "" && b.cell(i) != "" {
				row.Cells[h] = b.cell(i)
			}
		}
		for _, e := range b.Errors {
			row.Errors = append(row.Errors, importError{Row: e.Row, Column: e.Column, Code: e.Code, Text: i18n.T(ctx, e.Text, e.Args...)})
		}
		out.Body.Items = append(out.Body.Items, row)
	}
	return out, nil
}

type mendIn struct {
	ID   string `path:"id"`
	Body struct {
		Rows []struct {
			Row   int64             `json:"row"`
			Cells map[string]string `json:"cells" doc:"By heading"`
		} `json:"rows,omitempty"`
		Drop []int64 `json:"drop,omitempty" doc:"Rows to forget"`
	}
}

func (s *Service) apiMendRows(ctx context.Context, in *mendIn) (*importOut, error) {
	sub := identity.SubjectOf(ctx)
	cells := map[int64][]string{}
	for _, x := range in.Body.Rows {
		r, rows, _, err := s.BadRows(ctx, sub, in.ID, x.Row, 1)
		if err != nil {
			return nil, err
		}
		row := make([]string, len(r.Headings))
		if len(rows) == 1 && rows[0].Line == x.Row {
			copy(row, rows[0].Cells)
		}
		for i, h := range r.Headings {
			if text, ok := x.Cells[h]; ok {
				row[i] = text
			}
		}
		cells[x.Row] = row
	}
	m, err := s.Mend(ctx, sub, in.ID, cells, in.Body.Drop)
	if err != nil {
		return nil, err
	}
	return &importOut{Body: wireReport(ctx, m.Report)}, nil
}

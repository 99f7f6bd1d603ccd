package exchange

import (
	"bufio"
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"qiao/internal/catalogue"
	"qiao/internal/catalogue/format"
	"qiao/internal/catalogue/kinds"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/sheet"
)

// mostPublic is how many records a file made for a visitor has; more is harvested.
const mostPublic = 100_000

// Formats are the files that a search can be taken away as.
func Formats() []string {
	return []string{"csv", "xlsx", "jsonl", "pidinst", "nrii", "uniquip", "bibtex", "ris"}
}

// mediaTypes and endings of the files.
func mediaOf(shape string) (media, ending string) {
	switch shape {
	case "csv", "uniquip":
		return "text/csv; charset=utf-8", "csv"
	case "xlsx":
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"
	case "jsonl":
		return "application/x-ndjson", "jsonl"
	case "bibtex":
		return "application/x-bibtex; charset=utf-8", "bib"
	case "ris":
		return "application/x-research-info-systems; charset=utf-8", "ris"
	}
	return "application/json", "json"
}

// showFile answers with the file of a search: the parameters are those of the search, and format.
func (s *Service) showFile(w http.ResponseWriter, r *http.Request) error {
	v := r.URL.Query()
	shape := v.Get("format")
	if !slices.Contains(Formats(), shape) {
		return fault.New(fault.BadRequest, "format-unknown", "不认识的导出格式“{0}”。可以用：{1}。", shape, strings.Join(Formats(), "、"))
	}
	v.Del("format")
	media, ending := mediaOf(shape)
	h := w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", `attachment; filename="qiao-`+shape+"-"+s.today()+"."+ending+`"`)
	h.Set("Cache-Control", "no-store")
	return s.Export(r.Context(), w, shape, v, mostPublic)
}

// Export writes the records that answer a search in a format of Formats, at most so many, in memory that does not
// grow with the file. Only what is public is in it, with source, licence and the mark of invented records.
func (s *Service) Export(ctx context.Context, w io.Writer, shape string, search url.Values, most int) error {
	q := catalogue.QueryOf(search)
	if shape == "xlsx" {
		most = min(most, sheet.MaxRows-1)
	}
	return s.export(ctx, w, shape, q, func(q catalogue.Query, fn func([]format.Record) error) error {
		_, err := s.Catalogue.Each(ctx, q, most, fn)
		return err
	})
}

// standing reads every record of some kinds that stands in the catalogue, from the database: what was committed a moment
// ago is among them.
func (s *Service) standing(ctx context.Context, wanted []string, fn func([]format.Record) error) error {
	for after := ""; ; {
		list, err := s.Catalogue.Stands(ctx, s.DB, after, batch)
		if err != nil || len(list) == 0 {
			return err
		}
		after = list[len(list)-1].ID
		var ids []string
		for _, x := range list {
			if slices.Contains(wanted, x.Kind) && (x.Status == catalogue.StatusPublished || x.Status == catalogue.StatusSuspended) {
				ids = append(ids, x.ID)
			}
		}
		records, err := s.Catalogue.Records(ctx, s.DB, ids)
		if err != nil {
			return err
		}
		if err := fn(records); err != nil {
			return err
		}
	}
}

// export writes what each gives in a format; the kinds of q are narrowed to those that the format has.
func (s *Service) export(ctx context.Context, w io.Writer, shape string, q catalogue.Query, each func(catalogue.Query, func([]format.Record) error) error) error {
	switch shape {
	case "pidinst", "nrii", "uniquip":
		q.Kinds = among(q.Kinds, "instrument", "facility")
	case "bibtex", "ris":
		q.Kinds = among(q.Kinds, "literature", "standard", "dataset")
	default:
		q.Kinds = among(q.Kinds, kindsOf()...)
	}
	if len(q.Kinds) == 0 {
		q.Kinds = []string{"-"} // none of what was asked for can be written so: an empty file
	}
	b := bufio.NewWriterSize(w, 64<<10)
	out, err := s.writer(ctx, b, shape, q)
	if err != nil {
		return err
	}
	err = each(q, func(l []format.Record) error {
		for _, r := range l {
			if err := out.put(r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := out.end(); err != nil {
		return err
	}
	return b.Flush()
}

// ExportAll writes the whole public catalogue, as the database has it, for the command line: csv (one kind, instruments unless another is named) and
// xlsx (a worksheet for each kind) are our own template filled in, which can be imported again; all other formats are as
// in Export.
func (s *Service) ExportAll(ctx context.Context, w io.Writer, shape, kind string) error {
	if !slices.Contains(Formats(), shape) {
		return fault.New(fault.BadRequest, "format-unknown", "不认识的导出格式“{0}”。可以用：{1}。", shape, strings.Join(append(Formats(), "all"), "、"))
	}
	var chosen []string
	if kind != "" {
		if _, ok := kinds.All().Find(kind); !ok {
			return fault.New(fault.BadRequest, "kind-unknown", "没有“{0}”这类资源。可以用：{1}。", kind, strings.Join(kindsOf(), "、"))
		}
		chosen = []string{kind}
	}
	switch shape {
	case "csv":
		return s.templateCSV(ctx, w, cmp.Or(kind, "instrument"))
	case "xlsx":
		return s.templateBook(ctx, w, among(chosen, kindsOf()...))
	}
	return s.export(ctx, w, shape, catalogue.Query{Kinds: chosen}, func(q catalogue.Query, fn func([]format.Record) error) error {
		return s.standing(ctx, q.Kinds, fn)
	})
}

func (s *Service) templateCSV(ctx context.Context, w io.Writer, kind string) error {
	k, _ := kinds.All().Find(kind)
	b := bufio.NewWriterSize(w, 64<<10)
	var row []string
	out, err := csvWriter(b, format.TemplateHeadings(k, false), func(format.Record) []string { return row })
	if err != nil {
		return err
	}
	err = s.standing(ctx, []string{kind}, func(l []format.Record) error {
		for _, r := range l {
			for _, row = range format.TemplateRows(r) {
				if err := out.put(r); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return errors.Join(err, out.end(), b.Flush())
}

func (s *Service) templateBook(ctx context.Context, w io.Writer, names []string) error {
	x := sheet.NewBook(w)
	for _, name := range names {
		k, _ := kinds.All().Find(name)
		begun := false
		err := s.standing(ctx, []string{name}, func(l []format.Record) error {
			if !begun && len(l) > 0 {
				begun = true
				if err := x.Sheet(k.ZH, format.TemplateHeadings(k, false)); err != nil {
					return err
				}
			}
			for _, r := range l {
				for _, row := range format.TemplateRows(r) {
					if err := x.Row(row); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return x.Close()
}

// among are the kinds asked for that a format has; all it has when nothing was asked.
func among(asked []string, has ...string) []string {
	if len(asked) == 0 {
		return has
	}
	return slices.DeleteFunc(slices.Clone(asked), func(k string) bool { return !slices.Contains(has, k) })
}

func kindsOf() []string {
	var out []string
	for _, k := range kinds.All() {
		out = append(out, k.Name)
	}
	return out
}

// writer writes records one by one.
type writer struct {
	put func(format.Record) error
	end func() error
}

func (s *Service) writer(ctx context.Context, w *bufio.Writer, shape string, q catalogue.Query) (writer, error) {
	text := func(fn func(format.Record) string) writer {
		return writer{func(r format.Record) error { _, err := w.WriteString(fn(r)); return err }, func() error { return nil }}
	}
	switch shape {
	case "csv":
		c := columnsFor(q)
		return csvWriter(w, c.headings(ctx), func(r format.Record) []string { return c.row(ctx, r) })
	case "uniquip":
		return csvWriter(w, format.UniquipHeadings(), format.UniquipRow)
	case "xlsx":
		c := columnsFor(q)
		x, err := sheet.NewStream(w, c.headings(ctx))
		if err != nil {
			return writer{}, err
		}
		return writer{func(r format.Record) error { return x.Row(c.row(ctx, r)) }, x.Close}, nil
	case "bibtex":
		return text(format.BibTeX), nil
	case "ris":
		return text(format.RIS), nil
	case "jsonl":
		e := json.NewEncoder(w)
		return writer{func(r format.Record) error { return e.Encode(s.plain(r)) }, func() error { return nil }}, nil
	}
	return listWriter(w, func(r format.Record) any {
		if shape == "pidinst" {
			return format.PidinstOf(r)
		}
		return format.NRIIRecord(r, false)
	}), nil
}

func csvWriter(w io.Writer, headings []string, row func(format.Record) []string) (writer, error) {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil { // Excel needs it to see Chinese
		return writer{}, err
	}
	c := csv.NewWriter(w)
	c.UseCRLF = true
	put := func(cells []string) error {
		for i := range cells {
			cells[i] = sheet.Neutral(cells[i])
		}
		return c.Write(cells)
	}
	if err := put(headings); err != nil {
		return writer{}, err
	}
	return writer{func(r format.Record) error { return put(row(r)) }, func() error { c.Flush(); return c.Error() }}, nil
}

// listWriter writes a JSON list.
func listWriter(w *bufio.Writer, one func(format.Record) any) writer {
	n := 0
	return writer{
		func(r format.Record) error {
			b, err := json.Marshal(one(r))
			if err != nil {
				return err
			}
			mark := ",\n"
			if n++; n == 1 {
				mark = "[\n"
			}
			if _, err := w.WriteString(mark); err != nil {
				return err
			}
			_, err = w.Write(b)
			return err
		},
		func() error {
			text := "\n]\n"
			if n == 0 {
				text = "[]\n"
			}
			_, err := w.WriteString(text)
			return err
		},
	}
}

// plain is a record as one JSON object, with the names of the API.
func (s *Service) plain(r format.Record) map[string]any {
	out := map[string]any{
		"id": r.ID, "kind": r.Kind.Name, "name_zh": r.NameZH, "name_en": r.NameEN, "summary": r.Summary, "model": r.Model, "maker": r.Maker, "class": r.Class, "region": r.Region,
		"owner": map[string]any{"id": r.Owner.ID, "name_zh": r.Owner.NameZH, "name_en": r.Owner.NameEN, "ror": r.Owner.ROR}, "access": r.Access, "free": r.Free, "voucher": r.Voucher, "prices": r.Prices,
		"origin": map[string]any{"source": r.Source, "source_id": r.SourceID, "licence": r.Licence, "retrieved_on": r.RetrievedOn}, "sample": r.Sample, "updated_at": r.Changed.UTC().Format("2006-01-02T15:04:05.000Z"), "url": r.Link,
		"country": r.Country, "languages": orEmpty(r.Languages), "identifiers": orEmpty(r.Identifiers),
	}
	fields := map[string]any{}
	for _, f := range r.Kind.Fields {
		if v := r.Fields[f.Name]; v != nil && !f.Hidden {
			fields[f.Name] = v
		}
	}
	out["fields"] = fields
	return out
}

// orEmpty is a list that JSON writes as [] where there is none.
func orEmpty[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

// columns are those of a table: what every kind has, and, of one kind alone, its own fields.
type columns struct{ own []kinds.Field }

func columnsFor(q catalogue.Query) columns {
	var c columns
	if len(q.Kinds) != 1 {
		return c
	}
	k, _ := kinds.All().Find(q.Kinds[0])
	for _, f := range k.Fields {
		if !f.Hidden && !f.Core {
			c.own = append(c.own, f)
		}
	}
	return c
}

func (c columns) headings(ctx context.Context) []string {
	out := []string{
		t(ctx, "平台编号"), t(ctx, "类型"), t(ctx, "名称"), t(ctx, "英文名称"), t(ctx, "示例"), t(ctx, "所属单位"), t(ctx, "地区"), t(ctx, "地区代码"), t(ctx, "单位内部编号"), t(ctx, "型号"), t(ctx, "制造商"), t(ctx, "分类代码"), t(ctx, "简介"),
		t(ctx, "免费"), t(ctx, "接受创新券"), t(ctx, "价格（元）"), t(ctx, "计价单位"), t(ctx, "币种"),
	}
	for _, f := range c.own {
		out = append(out, i18n.Pick(ctx, f.ZH, f.EN))
	}
	return append(out, t(ctx, "持久标识"), t(ctx, "服务语言"), t(ctx, "国家"), t(ctx, "来源"), t(ctx, "许可"), t(ctx, "取得日期"), t(ctx, "更新时间（UTC）"), t(ctx, "网址"))
}

func (c columns) row(ctx context.Context, r format.Record) []string {
	english := i18n.From(ctx) == i18n.EN
	flag := func(b bool) string { return kinds.Field{Type: kinds.Flag}.Show(b, english) }
	price, sample := "", ""
	if r.Offer.Unit != "" {
		price = r.Offer.Amount.Yuan()
	}
	if r.Sample {
		sample = "示例 Sample" //i18n:data the mark of invented records in both languages
	}
	source := r.Source
	if source == "" {
		source = t(ctx, "所属单位登记")
	}
	out := []string{
		r.ID, i18n.Pick(ctx, r.Kind.ZH, r.Kind.EN), r.NameZH, r.NameEN, sample, i18n.Pick(ctx, r.Owner.NameZH, r.Owner.NameEN), r.Place, r.Region, r.SourceID, r.Model, r.Maker, r.Class, r.Summary,
		flag(r.Free), flag(r.Voucher), price, r.Offer.Unit, r.Offer.Currency,
	}
	for _, f := range c.own {
		cell := ""
		if v := r.Fields[f.Name]; v != nil {
			cell = f.Show(v, english)
		}
		out = append(out, cell)
	}
	ids := make([]string, len(r.Identifiers))
	for i, x := range r.Identifiers {
		ids[i] = x.Label()
	}
	return append(out, strings.Join(ids, "; "), strings.Join(r.Languages, ", "), r.Country, source, r.Licence, r.RetrievedOn, secondOf(r.Changed), r.Link)
}

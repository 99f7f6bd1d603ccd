package record

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/sheet"
	"qiao/internal/platform/web"
)

// Formats are the files of records in the national format.
func Formats() []string { return []string{"xlsx", "csv", "json"} }

// page is how many records an export reads at once.
const page = 1000

// national is a record's fields in the national format, by key.
func (r Record) national(f Format) map[string]string {
	none := func(text string) string {
		if text == "" {
			return f.None
		}
		return text
	}
	income := names(f.Incomes, list(r.Incomes))
	if len([]rune(income)) > f.limit("subjectIncome") { // long names do not all fit: their letters do
		income = r.Incomes
	}
	amount := hoursText(r.Hours)
	if r.Hours == 0 && r.Samples > 0 {
		amount = strconv.FormatInt(r.Samples, 10) + "个" //i18n:data a measure word of the national format
	}
	out := map[string]string{
		"innerId": r.Instrument, "amounts": r.Fee.Yuan(), "serviceTime": r.timeText(), "serviceContent": r.Content, "serviceWay": names(f.Ways, list(r.Ways)), "serviceAmount": amount,
		"subjectName": none(r.Project), "subjectIncome": income, "subjectArea": r.Areas, "subjectContent": none(r.Research), "applicant": r.Applicant, "applicatPhone": r.Phone, "applicatEmail": r.Email,
		"applicatUnit": r.User, "comment": names(f.Opinions, list(r.Opinion)), "auditStatus": f.AuditStatus,
	}
	for _, c := range f.Fields {
		if text := []rune(out[c.Key]); c.Max > 0 && len(text) > c.Max {
			out[c.Key] = string(text[:c.Max])
		}
	}
	return out
}

// cells are a record's fields in the order of the national format.
func (r Record) cells(f Format) []string {
	values := r.national(f)
	out := make([]string, len(f.Fields))
	for i, c := range f.Fields {
		out[i] = values[c.Key]
	}
	return out
}

// each gives the records that a filter chooses, the oldest service first, in memory that does not grow with them.
func (s *Service) each(ctx context.Context, by identity.Subject, f Filter, fn func(Record) error) error {
	day, id := "", ""
	for {
		w := s.where(by, f)
		if id != "" {
			w.And("(day, id) > (?, ?)", day, id)
		}
		part, err := db.All[Record](ctx, s.DB, `SELECT `+columnsOfRecord+` FROM record_record`+w.SQL()+` ORDER BY day, id LIMIT `+w.Arg(page), w.Args()...)
		if err != nil {
			return fmt.Errorf("read service records: %w", err)
		}
		for _, r := range part {
			if err := fn(r); err != nil {
				return err
			}
		}
		if len(part) < page {
			return nil
		}
		day, id = part[len(part)-1].Day, part[len(part)-1].ID
	}
}

// Export writes the records that a filter chooses and that count to the national format: a spreadsheet with its headings,
// or the array that the platform's interface takes.
func (s *Service) Export(ctx context.Context, by identity.Subject, w io.Writer, shape string, f Filter) error {
	f.State = Kept
	format := s.format()
	b := bufio.NewWriterSize(w, 64<<10)
	put, end, err := writerOf(b, shape, format)
	if err != nil {
		return err
	}
	if err := s.each(ctx, by, f, put); err != nil {
		return err
	}
	if err := end(); err != nil {
		return err
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write service records: %w", err)
	}
	return nil
}

// writerOf begins a file; put writes one record, end what comes last.
func writerOf(b *bufio.Writer, shape string, f Format) (put func(Record) error, end func() error, err error) {
	headings := make([]string, len(f.Fields))
	for i, c := range f.Fields {
		headings[i] = c.Heading
	}
	switch shape {
	case "csv":
		if _, err := b.WriteString("\uFEFF"); err != nil { // by which spreadsheet programs know UTF-8
			return nil, nil, fmt.Errorf("write csv: %w", err)
		}
		c := csv.NewWriter(b)
		c.UseCRLF = true
		write := func(cells []string) error {
			for i := range cells {
				cells[i] = sheet.Neutral(cells[i])
			}
			return c.Write(cells)
		}
		return func(r Record) error { return write(r.cells(f)) }, func() error { c.Flush(); return c.Error() }, write(headings)
	case "json":
		first := true
		put = func(r Record) error {
			mark := ",\n"
			if first {
				mark, first = "[\n", false
			}
			line, err := json.Marshal(r.national(f))
			if err != nil {
				return fmt.Errorf("write record %s: %w", r.ID, err)
			}
			_, err = b.WriteString(mark + string(line))
			return err
		}
		return put, func() error {
			mark := "\n]\n"
			if first {
				mark = "[]\n"
			}
			_, err := b.WriteString(mark)
			return err
		}, nil
	}
	x, err := sheet.NewStream(b, headings)
	if err != nil {
		return nil, nil, err
	}
	return func(r Record) error { return x.Row(r.cells(f)) }, x.Close, nil
}

// showFile answers with the records of a filter, or with one, as a file in the national format.
func (s *Service) showFile(w http.ResponseWriter, r *http.Request) error {
	shape := r.URL.Query().Get("format")
	if shape == "" {
		shape = "xlsx"
	}
	if !slices.Contains(Formats(), shape) {
		return fault.New(fault.BadRequest, "format-unknown", "不认识的导出格式“{0}”。可以用：{1}。", shape, strings.Join(Formats(), "、"))
	}
	media := map[string]string{"xlsx": xlsx, "csv": "text/csv; charset=utf-8", "json": "application/json"}[shape]
	f := FilterOf(r.URL.Query())
	f.ID = r.PathValue("id")
	if f.ID != "" {
		if _, err := s.Get(r.Context(), identity.SubjectOf(r.Context()), f.ID); err != nil {
			return err
		}
	}
	attachment(w, media, "service-records-"+s.today()+"."+shape)
	return s.Export(r.Context(), identity.SubjectOf(r.Context()), w, shape, f)
}

// fileRoutes are the files of records.
func (s *Service) fileRoutes(desk func(pattern, action string, h web.Handler) web.Route) []web.Route {
	return []web.Route{
		desk("GET /desk/records/file", "record.view", s.showFile),
		desk("GET /desk/records/{id}/file", "record.view", s.showFile),
		desk("GET /desk/records/effect", "record.view", s.showEffect),
		desk("GET /desk/records/effect/file", "record.view", s.showEffectFile),
	}
}

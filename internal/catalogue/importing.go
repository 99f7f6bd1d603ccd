package catalogue

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/sheet"
)

// ImportRequest is a file of resources to take in.
type ImportRequest struct {
	Org    string // whose resources
	Format string // "nrii", "uniquip", "qiao" force a template; "", "xlsx", "csv", "tsv" let the headings decide
	Kind   string // forces a kind; "" = the template's
	Name   string // of the file, for the report
	Reader io.Reader
	DryRun bool // report what would happen, change nothing

	Source      string // the register the file is from; "" = the owner's own list
	Licence     string // of that register
	RetrievedOn string // civil day

	Progress func(done, total int) // may be nil
}

// ImportReport is what an import did. Every row of the file is counted once: Total = Accepted + Updated +
// Unchanged + Rejected.
type ImportReport struct {
	ID        string
	Org       string
	Person    string
	Name      string
	SHA256    string
	Format    string // template recognised
	Kind      string
	DryRun    bool
	Total     int64
	Accepted  int64 // rows that are new
	Updated   int64 // rows that changed something
	Unchanged int64 // rows that were in already
	Rejected  int64 // rows with an error
	Ignored   []string
	Errors    []RowError
	At        db.Time
}

// RowError is one thing wrong with one row.
type RowError struct {
	Row    int64  // as the spreadsheet program numbers it
	Column string // heading as in the file; empty: the whole row
	Code   string // stable
	Text   string // Chinese sentence with {0} places
	Args   []any
}

// maxFile is the largest file taken in: 20 MiB.
const maxFile = 20 << 20

// importBatch is how many resources go into one transaction.
const importBatch = 200

// Import takes a file in for an organisation: good rows at once, bad rows listed, no row twice. A file
// that is no table at all, or whose headings nobody knows, is a fault and leaves nothing behind.
func (s *Service) Import(ctx context.Context, sub identity.Subject, req ImportRequest) (ImportReport, error) {
	org, err := s.owner(ctx, s.DB, req.Org)
	if err != nil {
		return ImportReport{}, err
	}
	if err := s.Policy.Can(sub, "resource.import", identity.Object{Parties: map[string]string{"owner": org.ID}, Region: org.Region}); err != nil {
		return ImportReport{}, err
	}
	return s.takeIn(ctx, sub, org, req)
}

// ImportTrusted is Import for the program itself (command line, demo): nobody is asked for permission.
func (s *Service) ImportTrusted(ctx context.Context, req ImportRequest) (ImportReport, error) {
	org, err := s.owner(ctx, s.DB, req.Org)
	if err != nil {
		return ImportReport{}, err
	}
	return s.takeIn(ctx, identity.Subject{Org: org.ID, Region: org.Region}, org, req)
}

func (s *Service) takeIn(ctx context.Context, sub identity.Subject, org identity.Organisation, req ImportRequest) (ImportReport, error) {
	data, err := io.ReadAll(io.LimitReader(req.Reader, maxFile+1))
	if err != nil {
		return ImportReport{}, fmt.Errorf("read the import %s: %w", req.Name, err)
	}
	p, err := s.plan(req, data)
	if err != nil {
		return ImportReport{}, err
	}
	report := ImportReport{
		ID: id.New(), Org: org.ID, Person: sub.Person, Name: req.Name, Format: p.template.Format, Kind: p.template.Kind, DryRun: req.DryRun,
		Total: int64(len(p.table.Rows)), Ignored: p.ignored, Errors: p.errors, Rejected: p.rejected, At: db.At(s.Clock.Now()),
	}
	if s.Blobs != nil {
		ref, err := s.Blobs.Put(ctx, bytes.NewReader(data), maxFile)
		if err != nil {
			return report, fmt.Errorf("keep the import %s: %w", req.Name, err)
		}
		report.SHA256 = ref.SHA256
	}
	in := intake{service: s, sub: sub, org: org, req: req, report: report.ID}
	done := 0
	for batch := range slices.Chunk(p.items, importBatch) {
		got, err := in.batch(ctx, batch)
		if err != nil {
			return report, err
		}
		report.Accepted += got.accepted
		report.Updated += got.updated
		report.Unchanged += got.unchanged
		report.Rejected += got.rejected
		report.Errors = append(report.Errors, got.errors...)
		if done += len(batch); req.Progress != nil {
			req.Progress(done, len(p.items))
		}
	}
	slices.SortStableFunc(report.Errors, func(a, b RowError) int { return int(a.Row - b.Row) })
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := insertImport(ctx, tx, report); err != nil {
			return err
		}
		entry := audit.Entry{Action: "resource.import", Kind: "import", ID: report.ID, Data: []any{report.SHA256, report.DryRun, report.Accepted, report.Updated, report.Rejected}}
		return audit.Record(ctx, tx, report.At.Time, entry)
	})
	return report, err
}

// plan reads the file and turns its rows into items, without touching the database.
func (s *Service) plan(req ImportRequest, data []byte) (*plan, error) {
	format := req.Format
	switch format {
	case "xlsx", "csv", "tsv", "auto":
		format = ""
	case "", "nrii", "uniquip", "qiao":
	default:
		return nil, fault.New(fault.Invalid, "format-unknown", "不认识的导入格式“{0}”。可以用：nrii、uniquip、qiao、xlsx、csv。", req.Format)
	}
	if _, ok := s.kinds.Find(req.Kind); req.Kind != "" && !ok {
		return nil, fault.New(fault.Invalid, "kind-unknown", "没有“{0}”这类资源。", req.Kind)
	}
	templates := s.kinds.Templates()
	known := func(cells []string) int {
		best := 0
		for _, t := range templates {
			if (format == "" || t.Format == format) && t.Named(cells) {
				best = max(best, t.Known(cells))
			}
		}
		return best
	}
	table, err := sheet.Read(req.Name, bytes.NewReader(data), sheet.Options{Limits: sheet.Limits{Bytes: maxFile}, Heading: known})
	if err != nil {
		return nil, err
	}
	tpl, ok := s.kinds.Recognise(table.Headings, format, req.Kind)
	if !ok {
		return nil, fault.New(fault.Invalid, "headings-unknown", "没有认出文件“{0}”第 {1} 行的列标题。至少要有一列名称（如“仪器设备名称”“名称”或“Name”）。可以下载模板，把数据粘贴进去再上传。", req.Name, table.HeadingRow)
	}
	if len(table.Rows) == 0 {
		return nil, fault.New(fault.Invalid, "no-rows", "文件“{0}”只有列标题，没有数据行。", req.Name)
	}
	p := &plan{kinds: s.kinds, table: table, template: tpl}
	p.read()
	return p, nil
}

// intake writes the items of one import.
type intake struct {
	service *Service
	sub     identity.Subject
	org     identity.Organisation
	req     ImportRequest
	report  string
}

// outcome counts rows.
type outcome struct {
	accepted, updated, unchanged, rejected int64
	errors                                 []RowError
}

func (in intake) batch(ctx context.Context, items []*item) (outcome, error) {
	if in.req.DryRun {
		return in.put(ctx, in.service.DB, nil, items)
	}
	var out outcome
	err := in.service.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		out, err = in.put(ctx, tx, tx, items)
		return err
	})
	return out, err
}

// put takes items in; with a nil tx it only tells what would happen.
func (in intake) put(ctx context.Context, q db.Q, tx *db.Tx, items []*item) (outcome, error) {
	var out outcome
	origins := make([]string, len(items))
	for i, it := range items {
		origins[i] = in.origin(it)
	}
	var w db.Where
	w.In("origin", origins)
	l, err := listResources(ctx, q, &w, "")
	if err != nil {
		return out, err
	}
	have := map[string]Resource{}
	for _, r := range l {
		have[r.Origin] = r
	}
	for i, it := range items {
		before, exists := have[origins[i]]
		if !exists {
			made, err := in.create(ctx, tx, it)
			if err != nil {
				return out, err
			}
			if made {
				out.accepted += int64(len(it.rows))
				continue
			}
			if before, err = in.rival(ctx, q, origins[i]); err != nil {
				return out, err
			}
		}
		if err := in.renew(ctx, tx, it, before, &out); err != nil {
			return out, err
		}
	}
	return out, nil
}

func (in intake) origin(it *item) string {
	return OriginOf(in.service.Node, in.org.ID, in.req.Source, it.sourceKey())
}

// rival is the resource that another import has put in under the same origin since this one looked.
func (in intake) rival(ctx context.Context, q db.Q, origin string) (Resource, error) {
	var w db.Where
	w.And("origin = ?", origin)
	l, err := listResources(ctx, q, &w, "")
	if err == nil && len(l) == 0 {
		err = fmt.Errorf("import: a resource exists already, but not under its origin %s", origin)
	}
	if err != nil {
		return Resource{}, err
	}
	return l[0], nil
}

// create writes a new resource; false when a rival was faster.
func (in intake) create(ctx context.Context, tx *db.Tx, it *item) (bool, error) {
	if tx == nil {
		return true, nil
	}
	s := in.service
	now := db.At(s.Clock.Now())
	r := Resource{
		Kind: it.kind.Name, Owner: in.org.ID, Region: in.org.Region, Status: StatusPublished, Revision: 1, Origin: in.origin(it), Source: in.req.Source,
		Licence: in.req.Licence, RetrievedOn: in.req.RetrievedOn, Booking: true, Sample: in.org.Sample, Fields: map[string]any{}, CreatedAt: now, UpdatedAt: now,
	}
	r.ID = id.From("resource", r.Origin)
	it.overlay(&r)
	inserted, err := insertResource(ctx, tx, r)
	if err != nil || !inserted {
		return false, err
	}
	return true, s.record(ctx, tx, in.sub, Resource{}, r, it.kind, "import", in.report)
}

// renew brings a resource up to date with its row, if anything differs.
func (in intake) renew(ctx context.Context, tx *db.Tx, it *item, before Resource, out *outcome) error {
	rows := int64(len(it.rows))
	refuse := func(code, text string, args ...any) {
		out.rejected += rows
		out.errors = append(out.errors, RowError{Row: it.rows[0], Code: code, Text: text, Args: args})
	}
	if before.Status == StatusWithdrawn {
		refuse("withdrawn", "这项资源已撤下，没有导入。如要恢复，请先在“资源管理”中恢复它。")
		return nil
	}
	if before.Kind != it.kind.Name {
		refuse("other-kind", "编号“{0}”已用于另一类资源。", it.sourceID)
		return nil
	}
	after := before.clone()
	it.overlay(&after)
	if in.req.Source != "" {
		after.Licence, after.RetrievedOn = in.req.Licence, in.req.RetrievedOn
	}
	if len(diff(before, after, it.kind)) == 0 {
		out.unchanged += rows
		return nil
	}
	if tx != nil {
		err := in.service.write(ctx, tx, in.sub, before, &after, it.kind, "import", in.report)
		if fault.Is(err, "resource-changed") {
			refuse("changed", "这项资源刚刚被别人修改过，请再次导入这一行。")
			return nil
		}
		if err != nil {
			return err
		}
	}
	out.updated += rows
	return nil
}

// Report reads the report of an import; only for those who may see it.
func (s *Service) Report(ctx context.Context, sub identity.Subject, importID string) (ImportReport, error) {
	r, err := getImport(ctx, s.DB, importID)
	if isNone(err) {
		return r, fault.New(fault.NotFound, "import-not-found", "没有找到这次导入的记录。")
	}
	if err != nil {
		return r, err
	}
	return r, s.Policy.Can(sub, "resource.import", identity.Object{Parties: map[string]string{"owner": r.Org}})
}

// Reports lists the imports that sub may see, newest first, without their errors.
func (s *Service) Reports(ctx context.Context, sub identity.Subject, limit int) ([]ImportReport, error) {
	var w db.Where
	s.Policy.Filter(sub, "resource.import", map[string]string{"owner": "org"}, &w)
	return listImports(ctx, s.DB, &w, limit)
}

// Apply takes in for good the file of an earlier dry run.
func (s *Service) Apply(ctx context.Context, sub identity.Subject, importID string) (ImportReport, error) {
	dry, err := s.Report(ctx, sub, importID)
	if err != nil {
		return dry, err
	}
	if dry.SHA256 == "" || s.Blobs == nil {
		return dry, fault.New(fault.Conflict, "file-not-kept", "试导入的文件没有保存，请重新上传。")
	}
	f, err := s.Blobs.Open(ctx, dry.SHA256)
	if err != nil {
		return dry, fmt.Errorf("open the file of import %s: %w", dry.ID, err)
	}
	defer f.Close() //nolint:errcheck // read only
	return s.Import(ctx, sub, ImportRequest{Org: dry.Org, Format: dry.Format, Kind: applyKind(s.kinds, dry), Name: dry.Name, Reader: f})
}

// applyKind is the kind to force when a dry run is repeated: that of its own template.
func applyKind(set kinds.Set, dry ImportReport) string {
	if k, ok := set.Find(dry.Kind); ok && dry.Format == "qiao" {
		return k.Name
	}
	return ""
}

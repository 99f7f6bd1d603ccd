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
	Format string // "nrii", "uniquip", "pidinst" (JSON), "qiao" force a template; "", "xlsx", "csv", "tsv" let the headings decide
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
	// Rows may be taken in twice without harm, so the request counts as done only with its report: one that
	// was cut off between two batches is simply made again.
	rows := db.WithGuard(ctx, func(context.Context, *db.Tx) error { return nil })
	done := 0
	for batch := range slices.Chunk(p.items, importBatch) {
		got, err := in.batch(rows, batch)
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
	case "", "nrii", "uniquip", "pidinst", "qiao":
	default:
		return nil, fault.New(fault.Invalid, "format-unknown", "不认识的导入格式“{0}”。可以用：nrii、uniquip、pidinst、qiao、xlsx、csv。", req.Format)
	}
	if _, ok := s.kinds.Find(req.Kind); req.Kind != "" && !ok {
		return nil, fault.New(fault.Invalid, "kind-unknown", "没有“{0}”这类资源。", req.Kind)
	}
	table, err := s.table(req.Name, format, data)
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

// table reads the file: a spreadsheet, whose heading row is the one that a template knows best, or the
// JSON records of an exchange format.
func (s *Service) table(name, format string, data []byte) (*sheet.Table, error) {
	if isJSON(format, data) {
		return readRecords(name, format, data)
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
	return sheet.Read(name, bytes.NewReader(data), sheet.Options{Limits: sheet.Limits{Bytes: maxFile}, Heading: known})
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

package importing

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

// inline is the size in bytes up to which a file is taken in while its sender waits.
const inline = 4 << 20

// Import takes a file in for an organisation: good rows at once, bad rows listed, no row twice. A file
// that is no table at all, or whose headings nobody knows, is a fault and leaves nothing behind.
func (s *Service) Import(ctx context.Context, sub identity.Subject, req Request) (Report, error) {
	org, err := s.owner(ctx, req.Org)
	if err != nil {
		return Report{}, err
	}
	if err := s.Policy.Can(sub, "resource.import", identity.Object{Parties: map[string]string{"owner": org.ID}, Region: org.Region}); err != nil {
		return Report{}, err
	}
	return s.begin(ctx, sub, org, req)
}

// ImportTrusted is Import for the program itself (command line, demo): nobody is asked for permission.
func (s *Service) ImportTrusted(ctx context.Context, req Request) (Report, error) {
	org, err := s.owner(ctx, req.Org)
	if err != nil {
		return Report{}, err
	}
	return s.begin(ctx, identity.Subject{Org: org.ID, Region: org.Region}, org, req)
}

func (s *Service) owner(ctx context.Context, org string) (identity.Organisation, error) {
	l, err := s.Orgs.Organisations(ctx, s.DB, []string{org})
	if err != nil {
		return identity.Organisation{}, fmt.Errorf("read the owner: %w", err)
	}
	o, ok := l[org]
	if !ok {
		return o, fault.New(fault.Invalid, "no-such-organisation", "没有找到编号为“{0}”的单位。", org)
	}
	return o, nil
}

// begin keeps the file, finds out what its columns are, and takes its rows in, now or behind.
func (s *Service) begin(ctx context.Context, sub identity.Subject, org identity.Organisation, req Request) (r Report, err error) {
	format, err := wanted(req.Format)
	if err != nil {
		return Report{}, err
	}
	if _, ok := s.kinds.Find(req.Kind); req.Kind != "" && !ok {
		return Report{}, fault.New(fault.Invalid, "kind-unknown", "没有“{0}”这类资源。", req.Kind)
	}
	ref, err := s.Blobs.Put(ctx, req.Reader, s.MaxFile)
	if fault.Is(err, "file-empty") {
		return Report{}, fault.New(fault.Invalid, "sheet-empty", "文件“{0}”里没有内容。请确认数据在第一个工作表中，并且第一行是列标题。", req.Name)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return Report{}, fault.New(fault.BadRequest, "no-file", "文件没有上传完整，请重新上传。").Because(err)
	}
	if err != nil {
		return Report{}, fmt.Errorf("keep the import %s: %w", req.Name, err)
	}
	f, err := s.open(ctx, ref.SHA256)
	if err != nil {
		return Report{}, err
	}
	defer func() { err = errors.Join(err, f.done()) }()
	t, err := s.readPlanned(ctx, org.ID, req.Name, format, f, Plan{})
	if err != nil {
		return Report{}, err
	}
	defer func() { err = errors.Join(err, t.close()) }()
	r = Report{
		ID: id.New(), Org: org.ID, Person: sub.Person, Name: req.Name, SHA256: ref.SHA256, Size: ref.Size, DryRun: req.DryRun, Headings: t.headings, At: db.At(s.Clock.Now()),
		Source: req.Source, Licence: req.Licence, RetrievedOn: req.RetrievedOn, subject: actor{sub.Person, sub.Org}, Status: StatusRunning,
	}
	l, err := s.layoutOf(ctx, org.ID, t, format, req)
	if req.Ask && fault.Is(err, "headings-unknown") {
		return s.keepDraft(ctx, r, req.Kind)
	}
	if err != nil {
		return Report{}, err
	}
	r.take(l)
	if req.Behind && ref.Size > inline {
		err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return insertImport(ctx, tx, r, db.Time{}) })
		s.call()
		return r, err
	}
	return s.now(ctx, r, l, t, req.Progress)
}

// take notes a layout in a report.
func (r *Report) take(l layout) {
	r.Format, r.Kind, r.Ignored = l.format, l.kind, l.ignored()
	if l.plan != nil {
		r.plan = *l.plan
		return
	}
	r.plan = Plan{Kind: l.kind, Columns: map[string]string{}, Constants: l.constants}
	for i, h := range l.headings {
		if l.targets[i] != "" {
			r.plan.Columns[h] = l.targets[i]
		}
	}
}

// now takes the rows in while the sender waits. Rows may be taken in twice without harm, so the request counts as done only
// with its last transaction: one that was cut off is simply made again.
func (s *Service) now(ctx context.Context, r Report, l layout, t *table, progress func(int, int)) (Report, error) {
	rows := db.WithGuard(ctx, func(context.Context, *db.Tx) error { return nil })
	if !r.DryRun {
		err := s.DB.InTx(rows, func(ctx context.Context, tx *db.Tx) error { return insertImport(ctx, tx, r, s.lease()) })
		if err != nil {
			return r, err
		}
	}
	w := &run{service: s, report: &r, reader: newReader(s.kinds, l), table: t, progress: progress, written: !r.DryRun}
	err := w.all(rows)
	if err != nil && r.Total == 0 && r.Reached == 0 && fault.Of(err) != nil { // nothing is in: as if it had never come
		return r, errors.Join(err, s.forget(rows, r.ID))
	}
	return r, w.end(ctx, err)
}

// forget deletes an import of which no row is in.
func (s *Service) forget(ctx context.Context, importID string) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, table := range []string{`DELETE FROM catalogue_import_error WHERE import = $1`, `DELETE FROM catalogue_import_row WHERE import = $1`, `DELETE FROM catalogue_import WHERE id = $1`} {
			if _, err := tx.Exec(ctx, table, importID); err != nil {
				return fmt.Errorf("forget import %s: %w", importID, err)
			}
		}
		return nil
	})
}

// Report reads the report of an import with at most so many errors as a page or an answer carries; only for those who may see it.
func (s *Service) Report(ctx context.Context, sub identity.Subject, importID string) (Report, error) {
	r, err := getImport(ctx, s.DB, importID)
	if isNone(err) {
		return r, errNoImport()
	}
	if err != nil {
		return r, err
	}
	if err := s.Policy.Can(sub, "resource.import", identity.Object{Parties: map[string]string{"owner": r.Org}}); err != nil {
		return r, err
	}
	if r.Undo, err = s.undoOf(ctx, r.ID); err != nil {
		return r, err
	}
	r.Errors, err = listErrors(ctx, s.DB, r.ID, 0, maxErrors)
	return r, err
}

// maxErrors is how many errors an answer carries; all are in the download.
const maxErrors = 10_000

func errNoImport() error {
	return fault.New(fault.NotFound, "import-not-found", "没有找到这次导入的记录。")
}

// Reports lists the imports that sub may see, newest first, without their errors.
func (s *Service) Reports(ctx context.Context, sub identity.Subject, limit int) ([]Report, error) {
	var w db.Where
	s.Policy.Filter(sub, "resource.import", map[string]string{"owner": "org"}, &w)
	return listImports(ctx, s.DB, &w, limit)
}

// Apply takes in for good the file of an earlier dry run.
func (s *Service) Apply(ctx context.Context, sub identity.Subject, importID string) (Report, error) {
	dry, err := s.Report(ctx, sub, importID)
	if err != nil {
		return dry, err
	}
	if !dry.DryRun || dry.Status != StatusDone {
		return dry, fault.New(fault.Conflict, "not-a-trial", "只有试导入才能转为正式导入。")
	}
	r := dry
	r.ID, r.DryRun, r.Status, r.At, r.Errors = id.New(), false, StatusRunning, db.At(s.Clock.Now()), nil
	r.Person, r.subject = sub.Person, actor{sub.Person, sub.Org}
	r.Total, r.Accepted, r.Updated, r.Unchanged, r.Rejected, r.Reached = 0, 0, 0, 0, 0, 0
	if r, err = s.runPlan(ctx, r); err != nil {
		return r, err
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return deleteDraftsOf(ctx, tx, r.Org, r.SHA256) })
	return r, err
}

// formatOf is the format by which a file is read again.
func formatOf(format string) string {
	if format == "qiao" || format == FormatMapping {
		return ""
	}
	return format
}

// leaseTime is how long an import is left alone after its worker was heard of last.
const leaseTime = 30 * time.Second

func (s *Service) lease() db.Time { return db.At(s.Clock.Now().Add(leaseTime)) }

// record writes an audit entry of an import's move.
func (s *Service) record(ctx context.Context, tx *db.Tx, r Report, from, to string) error {
	return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "resource.import", Kind: "import", ID: r.ID, From: from, To: to, Data: []any{r.SHA256, r.DryRun, r.Accepted, r.Updated, r.Rejected}})
}

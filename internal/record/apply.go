package record

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/sheet"
)

// chunk is how many rows one transaction takes in.
const chunk = 500

// problem is what is wrong with one cell of a row.
type problem struct {
	Column string `json:"column,omitempty"` // heading; empty: the whole row
	Code   string `json:"code"`
	Text   string `json:"text"`
	Args   []any  `json:"args,omitempty"`
}

// BadRow is a row that did not come in.
type BadRow struct {
	Row      int64
	Cells    []string
	Problems []problem
}

// incoming is a row on its way: a record once it was read, or what is wrong with it.
type incoming struct {
	row    sheet.Row
	record Record
	bad    []fault.Field
}

// Apply takes the rows of a draft in. Good ones come in some hundred at a time, bad ones are kept with what is wrong, and
// those that are there already are left alone; so that a run which was cut off, or a second one, changes nothing more.
func (s *Service) Apply(ctx context.Context, by identity.Subject, uploadID string) (Upload, error) {
	u, err := s.upload(ctx, by, uploadID)
	if err != nil || u.State == UploadApplied {
		return u, err
	}
	if u.State != UploadDraft {
		return u, fault.New(fault.Conflict, "upload-done", "这个表格已经处理过了。")
	}
	o, err := s.Organisations.Organisation(ctx, s.DB, u.Owner)
	if err != nil {
		return u, err
	}
	rows, err := s.open(ctx, u)
	if err != nil {
		return u, err
	}
	targets := u.plan().targets(rows.Headings)
	in, err := s.readAll(ctx, by, o, u, rows, targets)
	if err != nil {
		return u, err
	}
	aside(in)
	u.Added, u.Same = 0, 0
	order := make([]int, 0, len(in))
	for i := range in {
		if len(in[i].bad) == 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(in[a].record.Day, in[b].record.Day) }) // few days a transaction: few records to compare with
	for part := range slices.Chunk(order, chunk) {
		if err := s.takeIn(ctx, o, in, part, &u); err != nil {
			return u, err
		}
	}
	return u, s.finish(ctx, &u, in, rows.Headings, targets)
}

// readAll reads every row: as records where nothing is wrong.
func (s *Service) readAll(ctx context.Context, by identity.Subject, o identity.Organisation, u Upload, rows *sheet.Rows, targets []string) ([]incoming, error) {
	read, err := s.reader(ctx, s.DB, o.ID)
	if err != nil {
		return nil, errors.Join(err, rows.Close())
	}
	read.instruments.only = u.plan().Resource
	var in []incoming
	var good []said
	var at []int
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		e, bad := read.Read(cellsOf(row, targets))
		in = append(in, incoming{row: row, bad: bad})
		if len(bad) == 0 {
			good, at = append(good, e), append(at, len(in)-1)
		}
	}
	if err := rows.Close(); err != nil {
		return nil, err
	}
	records, err := s.prepare(ctx, s.DB, by, o, read.instruments, good)
	if err != nil {
		return nil, err
	}
	for i, r := range records {
		r.Source, r.Upload = FromSheet, u.ID
		in[at[i]].record = r
	}
	return in, nil
}

// aside refuses rows that repeat an earlier row of the same file, naming it.
func aside(in []incoming) {
	type place struct{ resource, day string }
	byPlace, byNumber := map[place][]int{}, map[string]int{}
	for i := range in {
		r := &in[i].record
		if len(in[i].bad) > 0 {
			continue
		}
		first, twice := byNumber[r.OwnNumber]
		why := TwiceNumber
		if !twice || r.OwnNumber == "" {
			twice = false
			for _, j := range byPlace[place{r.Resource, r.Day}] {
				if why = Twice(*r, in[j].record); why != "" {
					first, twice = j, true
					break
				}
			}
		}
		if twice {
			in[i].bad = []fault.Field{{Name: map[string]string{TwiceNumber: FieldOwnNumber, TwicePapers: FieldInvoice}[why], Code: "twice-row", Text: "与第 {0} 行是同一次服务。", Args: []any{in[first].row.Number}}}
			continue
		}
		if r.OwnNumber != "" {
			byNumber[r.OwnNumber] = i
		}
		byPlace[place{r.Resource, r.Day}] = append(byPlace[place{r.Resource, r.Day}], i)
	}
}

// takeIn records some rows in one transaction.
func (s *Service) takeIn(ctx context.Context, o identity.Organisation, in []incoming, part []int, u *Upload) error {
	records := make([]Record, len(part))
	for i, j := range part {
		records[i] = in[j].record
	}
	var out []Outcome
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		out, err = s.keep(ctx, tx, o, records, false)
		return err
	})
	if err != nil {
		return err
	}
	for i, j := range part {
		switch out[i].What {
		case Same:
			u.Same++
		case Refused:
			in[j].bad = out[i].Errors
		}
	}
	return nil
}

// finish keeps what the upload came to, and the rows that did not come in.
func (s *Service) finish(ctx context.Context, u *Upload, in []incoming, headings, targets []string) error {
	var refused []BadRow
	for _, x := range in {
		if len(x.bad) == 0 {
			continue
		}
		b := BadRow{Row: int64(x.row.Number), Cells: x.row.Cells}
		for _, f := range x.bad {
			p := problem{Code: f.Code, Text: f.Text, Args: f.Args}
			if i := slices.Index(targets, f.Name); i >= 0 {
				p.Column = headings[i]
			}
			b.Problems = append(b.Problems, p)
		}
		refused = append(refused, b)
	}
	u.State, u.Refused, u.AppliedAt = UploadApplied, int64(len(refused)), db.NullAt(s.Clock.Now())
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := countUploaded(ctx, tx, u.ID)
		if err != nil {
			return err
		}
		u.Added = n
		u.Same = int64(len(in)) - u.Refused - n
		if err := insertRefused(ctx, tx, u.ID, refused); err != nil {
			return err
		}
		if err := updateUpload(ctx, tx, *u); err != nil {
			return err
		}
		return s.tellUploaded(ctx, tx, *u)
	})
}

package scrutiny

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/draw"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/number"
	"qiao/internal/voucher"
)

// Draw is redemptions taken by lot.
type Draw struct {
	ID         string      `db:"id"`
	Number     string      `db:"number"`
	Org        string      `db:"org"`
	Region     string      `db:"region"`
	Programme  string      `db:"programme"`
	From       string      `db:"from_day"`
	To         string      `db:"to_day"`
	Share      int64       `db:"share"`
	Stratify   string      `db:"stratify"`
	Population int64       `db:"population"`
	Drawn      int64       `db:"drawn"`
	List       string      `db:"list_sha256"`
	Source     string      `db:"source"`
	Announced  string      `db:"announced"`
	Seed       string      `db:"seed"`
	State      string      `db:"state"`
	Person     string      `db:"person"`
	Witness    string      `db:"witness"`
	Due        string      `db:"due"`
	Sample     bool        `db:"sample"`
	CreatedAt  db.Time     `db:"created_at"`
	DrawnAt    db.NullTime `db:"drawn_at"`
}

// Ways to stratify.
const (
	NoStrata   = "none"
	ByAmount   = "amount"
	ByProvider = "provider"
)

// Plan says what is drawn from, and how.
type Plan struct {
	Programme string
	From, To  string // days of submission
	Share     int64  // hundredths of a percent; 0: the rule's
	Stratify  string
	Source    string // where the number will come from
	Days      int64  // for the checks
}

// lettersDraw begin a draw's number.
const lettersDraw = "CJ"

func (s *Service) checkPlan(p *Plan) error {
	bad := fault.New(fault.Invalid, "draw-invalid", "抽查有误，请按提示修改。")
	day := func(field, d string) {
		if _, err := clock.Midnight(d); err != nil {
			bad.Field(field, "date", "请填写日期，例如 2026-11-21。")
		}
	}
	day("from", p.From)
	day("to", p.To)
	if p.From > p.To {
		bad.Field("to", "order", "结束日期不能早于开始日期。")
	}
	if p.Share == 0 {
		p.Share = s.rules().Check.Share
	}
	if p.Share < 1 || p.Share > 10000 {
		bad.Field("share", "range", "比例应在 0.01% 到 100% 之间。")
	}
	if !slices.Contains([]string{NoStrata, ByAmount, ByProvider}, p.Stratify) {
		bad.Field("stratify", "not-a-choice", "请从列表中选择。")
	}
	if p.Source = strings.TrimSpace(p.Source); utf8.RuneCountInString(p.Source) < 4 || utf8.RuneCountInString(p.Source) > 200 {
		bad.Field("source", "required", "请写明号码从哪里来，例如：封存次日的福彩 3D 开奖号码。")
	}
	if p.Days < 1 || p.Days > 365 {
		bad.Field("days", "range", "请填写 1 到 365 天。")
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// line is a redemption in the list of a draw.
type line struct {
	ID, Stratum, Number string
}

// Close closes the list of a draw: what can be drawn is written down and hashed, before anybody knows the number.
func (s *Service) Close(ctx context.Context, by identity.Subject, p Plan) (Draw, error) {
	d := Draw{ID: id.New(), Org: by.Org, Person: by.Person, State: Closed, Sample: s.Sample, CreatedAt: db.At(s.Clock.Now())}
	if err := s.checkPlan(&p); err != nil {
		return d, err
	}
	programme, err := s.Vouchers.Programme(ctx, s.DB, p.Programme)
	if err != nil {
		return d, err
	}
	if err := s.Policy.Can(by, "scrutiny.draw", identity.Object{Region: programme.Region}); err != nil {
		return d, err
	}
	d.Programme, d.Region, d.From, d.To, d.Share, d.Stratify, d.Source = programme.ID, programme.Region, p.From, p.To, p.Share, p.Stratify, p.Source
	if d.Due, err = clock.AddDays(s.today(), int(p.Days)); err != nil {
		return d, fmt.Errorf("last day of the checks: %w", err)
	}
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		claims, err := s.Vouchers.ClaimList(ctx, tx, voucher.ClaimFilter{Programme: d.Programme, States: []string{"approved", "published", "paid"}, From: d.From, To: d.To})
		if err != nil {
			return err
		}
		seen, err := lookedAt(ctx, tx)
		if err != nil {
			return err
		}
		claims = slices.DeleteFunc(claims, func(c voucher.Claim) bool { return seen[c.ID] })
		if len(claims) == 0 {
			return fault.New(fault.Conflict, "nothing-to-draw", "这段时间里没有可以抽查的兑付：已批准、公示或支付的才抽，正在查和查过的不再抽。").Field("from", "empty", "换一段时间或一个计划。")
		}
		lines := make([]line, len(claims))
		for i, c := range claims {
			lines[i] = line{c.ID, s.stratum(d.Stratify, c), c.Number}
		}
		if d.List, err = s.keepList(ctx, lines); err != nil {
			return err
		}
		d.Population, d.Drawn = int64(len(lines)), int64(draw.Count(len(lines), d.Share))
		if d.Number, err = number.Next(ctx, tx, lettersDraw, d.Region, d.CreatedAt.Time); err != nil {
			return err
		}
		if err := insertDraw(ctx, tx, d); err != nil {
			return err
		}
		return audit.Record(ctx, tx, d.CreatedAt.Time, audit.Entry{Action: "scrutiny.draw", Kind: "draw", ID: d.ID, To: d.State, Data: d})
	})
	return d, err
}

func (s *Service) stratum(way string, c voucher.Claim) string {
	switch way {
	case ByAmount:
		return s.rules().Check.band(c.Amount)
	case ByProvider:
		return c.Payee
	}
	return "all"
}

// keepList keeps the list of a draw as a file, by its ids, so that anybody can draw again.
func (s *Service) keepList(ctx context.Context, lines []line) (string, error) {
	slices.SortFunc(lines, func(a, b line) int { return strings.Compare(a.ID, b.ID) })
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{{"id", "stratum", "number"}}
	for _, x := range lines {
		rows = append(rows, []string{x.ID, x.Stratum, x.Number})
	}
	if err := w.WriteAll(rows); err != nil {
		return "", fmt.Errorf("write the list of a draw: %w", err)
	}
	ref, err := s.Files.Put(ctx, &b, int64(b.Len()))
	if err != nil {
		return "", fmt.Errorf("keep the list of a draw: %w", err)
	}
	return ref.SHA256, nil
}

// readList reads the list of a draw back.
func readList(r io.Reader) ([]line, error) {
	c := csv.NewReader(r)
	c.FieldsPerRecord = 3
	rows, err := c.ReadAll()
	if err != nil || len(rows) == 0 || !slices.Equal(rows[0], []string{"id", "stratum", "number"}) {
		return nil, fmt.Errorf("read the list of a draw: %w", err)
	}
	out := make([]line, len(rows)-1)
	for i, row := range rows[1:] {
		out[i] = line{row[0], row[1], row[2]}
	}
	return out, nil
}

// lotsOf draws from the kept list: all lines in the order of strata and lots, the chosen ones marked.
func (s *Service) lotsOf(ctx context.Context, d Draw, seed string) ([]draw.Drawn[line], error) {
	f, err := s.Files.Open(ctx, d.List)
	if err != nil {
		return nil, fmt.Errorf("open the list of draw %s: %w", d.Number, err)
	}
	defer func() { _ = f.Close() }() // only read
	lines, err := readList(f)
	if err != nil {
		return nil, err
	}
	return draw.Stratified(seed, lines, func(l line) string { return l.ID }, func(l line) string { return l.Stratum }, int(d.Drawn)), nil
}

// Announce enters the number of a draw whose list is closed, by another officer than who closed it; what is drawn follows from
// both, and each redemption drawn becomes a case.
func (s *Service) Announce(ctx context.Context, by identity.Subject, drawID, announced string) (Draw, error) {
	var d Draw
	announced = strings.TrimSpace(announced)
	if n := utf8.RuneCountInString(announced); n < 1 || n > 100 || strings.ContainsFunc(announced, unicode.IsControl) {
		return d, fault.New(fault.Invalid, "number-needed", "请填写公布的号码。").Field("number", "required", "请填写公布的号码，最多 {0} 个字，写在一行里。", 100)
	}
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if d, err = getDraw(ctx, tx, drawID); err != nil {
			return err
		}
		if err := s.Policy.Can(by, "scrutiny.announce", identity.Object{Region: d.Region}); err != nil {
			return err
		}
		if d.State != Closed {
			return fault.New(fault.Conflict, "drawn-already", "这次抽查已经抽出，不能再抽。")
		}
		if d.Person == by.Person {
			return fault.New(fault.Forbidden, "second-person-needed", "名单由您封存，号码须由另一位工作人员录入。")
		}
		d.Announced, d.Seed, d.State, d.Witness, d.DrawnAt = announced, draw.Seed(d.List, announced), DrawnSt, by.Person, db.NullAt(s.Clock.Now())
		if err := updateDraw(ctx, tx, d); err != nil {
			return err
		}
		lots, err := s.lotsOf(ctx, d, d.Seed)
		if err != nil {
			return err
		}
		for i, x := range lots {
			if !x.Chosen {
				continue
			}
			c, err := s.Vouchers.Whole(ctx, tx, x.Item.ID)
			if err != nil {
				return err
			}
			if _, err := s.openCase(ctx, tx, by, c.Claim, Case{Draw: d.ID, Stratum: x.Stratum, Lot: x.Lot, Place: int64(i + 1), Due: d.Due, Sample: d.Sample}); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "scrutiny.announce", Kind: "draw", ID: d.ID, From: Closed, To: d.State, Data: []string{d.Announced, d.Seed, strconv.FormatInt(d.Drawn, 10)}})
	})
	return d, err
}

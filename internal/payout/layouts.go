package payout

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/dated"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

// layoutsOf are the layouts a funder may use on a day: its own, the newest version of each, and those that ship. source says where
// the shipped ones come from.
func (s *Service) layoutsOf(ctx context.Context, q db.Q, funder, day string) (out []Layout, source string, err error) {
	rows, err := listLayouts(ctx, q, funder)
	if err != nil {
		return nil, "", err
	}
	shipped := dated.On(s.shipped, day)
	out = slices.Clone(shipped.Layouts)
	for _, r := range rows {
		if r.From > day {
			continue
		}
		var l Layout
		if err := json.Unmarshal([]byte(r.Body), &l); err != nil {
			return nil, "", fmt.Errorf("read layout %s: %w", r.ID, err)
		}
		if i := slices.IndexFunc(out, func(x Layout) bool { return x.Code == l.Code }); i >= 0 {
			out[i] = l
		} else {
			out = append(out, l)
		}
	}
	return out, shipped.Source, nil
}

// LayoutDraft is a funder's own layout as it is typed: one column a line, "heading=field".
type LayoutDraft struct {
	Code, Container, Encoding, Columns, From, Source string
}

// SetLayout makes a new version of a layout for the organisation acted for, from a day on.
func (s *Service) SetLayout(ctx context.Context, by identity.Subject, d LayoutDraft) error {
	org, err := s.orgs.Organisation(ctx, s.db, by.Org)
	if err != nil {
		return err
	}
	if err := s.policy.Can(by, "payout.layout", funderObject(org.ID, org.Region)); err != nil {
		return err
	}
	known, _, err := s.layoutsOf(ctx, s.db, org.ID, s.today())
	if err != nil {
		return err
	}
	i := slices.IndexFunc(known, func(l Layout) bool { return l.Code == d.Code })
	bad := fault.New(fault.Invalid, "layout-invalid", "付款文件的格式有误，请按提示修改。")
	if i < 0 {
		bad.Field("code", "unknown", "请选择一种付款文件格式。")
	}
	if _, err := clock.Midnight(d.From); err != nil {
		bad.Field("from", "required", "请填写从哪一天起使用。")
	}
	if strings.TrimSpace(d.Source) == "" {
		bad.Field("source", "required", "请写明依据，例如银行的文件或通知。")
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	l := known[i]
	l.Container, l.Encoding, l.Columns = d.Container, d.Encoding, readColumns(d.Columns)
	if err := l.Check(); err != nil {
		return err
	}
	body, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("write a layout: %w", err)
	}
	row := layoutRow{ID: id.New(), Funder: org.ID, From: d.From, Body: string(body), Source: strings.TrimSpace(d.Source), Person: by.Person, CreatedAt: db.At(s.clock.Now())}
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := insertLayout(ctx, tx, row); err != nil {
			return err
		}
		return audit.Record(ctx, tx, row.CreatedAt.Time, audit.Entry{Action: "payout.layout", Kind: "payout-layout", ID: row.ID, Data: row})
	})
}

// readColumns reads one column a line, heading and field with = between; a line without = is an empty column.
func readColumns(text string) []Column {
	var out []Column
	for line := range strings.Lines(text) {
		heading, field, _ := strings.Cut(strings.ReplaceAll(line, "＝", "="), "=")
		if strings.TrimSpace(line) != "" {
			out = append(out, Column{strings.TrimSpace(heading), strings.TrimSpace(field)})
		}
	}
	return out
}

// writeColumns is the text that readColumns reads.
func writeColumns(columns []Column) string {
	var b strings.Builder
	for _, c := range columns {
		b.WriteString(c.Heading + "=" + c.Field + "\n")
	}
	return b.String()
}

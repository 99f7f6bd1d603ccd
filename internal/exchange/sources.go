package exchange

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

// SourceDraft is what the operator says about a source.
type SourceDraft struct {
	Name    string
	Address string
	Prefix  string
	Subset  string
	Region  string
	Licence string
	Hours   int64
	Active  bool
}

// maxHours is the longest time between two harvests by schedule: a year.
const maxHours = 24 * 366

func (d SourceDraft) check(fresh bool) error {
	bad := fault.New(fault.Invalid, "source-invalid", "有些内容需要修改，请按提示更正后再提交。")
	if n := len([]rune(d.Name)); n == 0 || n > 100 {
		bad.Field("name", "required", "请填写来源的名称，最多 100 个字。")
	}
	u, err := url.Parse(d.Address)
	if fresh && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.Fragment != "") {
		bad.Field("address", "not-a-link", "请填写对方 OAI-PMH 接口的完整网址，以 https:// 或 http:// 开头。")
	}
	if fresh && !slices.Contains(Prefixes(), d.Prefix) {
		bad.Field("prefix", "not-a-choice", "请选择元数据格式。")
	}
	if d.Subset != "" && !setShape.MatchString(d.Subset) {
		bad.Field("subset", "not-a-set", "集合代码含有不能使用的字符，请照对方 ListSets 给出的填写。")
	}
	if !identity.ValidRegion(d.Region) {
		bad.Field("region", "not-a-region", "“{0}”不是 6 位行政区划代码。", d.Region)
	}
	if n := len([]rune(d.Licence)); n == 0 || n > 100 {
		bad.Field("licence", "required", "请写明对方数据的许可，例如 CC0-1.0；收录的每条记录都会注明。")
	}
	if d.Hours < 0 || d.Hours > maxHours {
		bad.Field("hours", "not-a-number", "间隔应是 0 到 {0} 之间的小时数，0 表示只手动收录。", maxHours)
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

func (d *SourceDraft) trim() {
	d.Name, d.Address, d.Subset, d.Region, d.Licence = strings.TrimSpace(d.Name), strings.TrimSpace(d.Address), strings.TrimSpace(d.Subset), strings.TrimSpace(d.Region), strings.TrimSpace(d.Licence)
}

// Probe is what another repository says of itself.
type Probe struct {
	Name     string
	Prefixes []string // of those we can read
}

// Ask asks another repository who it is and which formats it has.
func (s *Service) Ask(ctx context.Context, address string) (Probe, error) {
	who, err := s.ask(ctx, withQuery(address, "verb", verbIdentify))
	if errors.Is(err, ErrOffline) {
		return Probe{}, fault.New(fault.Invalid, "source-offline", "演示环境不向本机以外发送任何请求，所以不能收录这个地址。").
			Field("address", "source-offline", "正式运行时可以收录；想在本机试一试，请用 --fetch-private 启动，并填写本机另一个平台的地址。")
	}
	if err != nil {
		return Probe{}, fault.New(fault.Invalid, "source-silent", "连不上这个地址，或它没有按 OAI-PMH 回答：{0}", clip(err.Error())).Field("address", "source-silent", "请核对网址，并在浏览器中打开“网址?verb=Identify”试一试。").Because(err)
	}
	if who.Identify.Version != "2.0" {
		return Probe{}, fault.New(fault.Invalid, "not-oai", "这个地址没有按 OAI-PMH 2.0 回答。").Field("address", "not-oai", "请核对网址。")
	}
	p := Probe{Name: strings.TrimSpace(who.Identify.Name)}
	has, err := s.ask(ctx, withQuery(address, "verb", verbFormats))
	if err != nil {
		return p, fault.New(fault.Invalid, "source-silent", "连不上这个地址，或它没有按 OAI-PMH 回答：{0}", clip(err.Error())).Because(err)
	}
	for _, mine := range Prefixes() {
		for _, f := range has.Formats {
			if strings.TrimSpace(f.Prefix) == mine {
				p.Prefixes = append(p.Prefixes, mine)
			}
		}
	}
	return p, nil
}

// AddSource registers a repository, after asking it who it is.
func (s *Service) AddSource(ctx context.Context, sub identity.Subject, d SourceDraft) (Source, error) {
	if err := s.Policy.Can(sub, "exchange.operate", identity.Object{}); err != nil {
		return Source{}, err
	}
	d.trim()
	if d.Prefix == "" && d.Address != "" {
		d.Prefix = Prefixes()[0]
	}
	if err := d.check(true); err != nil {
		return Source{}, err
	}
	if strings.HasPrefix(d.Address, s.base()) {
		return Source{}, fault.New(fault.Invalid, "own-address", "这是本平台自己的接口，不必收录。").Field("address", "own-address", "请填写对方的网址。")
	}
	has, err := s.Ask(ctx, d.Address)
	if err != nil {
		return Source{}, err
	}
	if !slices.Contains(has.Prefixes, d.Prefix) {
		return Source{}, fault.New(fault.Invalid, "no-such-format", "对方没有 {0} 格式。", d.Prefix).Field("prefix", "no-such-format", "对方有：{0}", strings.Join(has.Prefixes, "、"))
	}
	return s.putSource(ctx, d)
}

func (s *Service) putSource(ctx context.Context, d SourceDraft) (Source, error) {
	now := s.Clock.Now()
	src := Source{ID: id.New(), Name: d.Name, Address: d.Address, Prefix: d.Prefix, Subset: d.Subset, Region: d.Region, Licence: d.Licence, Hours: d.Hours, Active: d.Active, CreatedAt: db.At(now)}
	if src.Hours > 0 && src.Active {
		src.Due = db.NullAt(now)
	}
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		ok, err := insertSource(ctx, tx, src)
		if err == nil && !ok {
			err = fault.New(fault.Conflict, "source-there", "这个地址、格式和集合已经登记过。").Field("address", "source-there", "请在列表中打开它。")
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, audit.Entry{Action: "source.create", Kind: "source", ID: src.ID, Data: d})
	})
	return src, err
}

// EditSource changes what may change of a source: not its address, which is part of every record's origin.
func (s *Service) EditSource(ctx context.Context, sub identity.Subject, source string, d SourceDraft) (Source, error) {
	if err := s.Policy.Can(sub, "exchange.operate", identity.Object{}); err != nil {
		return Source{}, err
	}
	d.trim()
	if err := d.check(false); err != nil {
		return Source{}, err
	}
	var src Source
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if src, err = getSource(ctx, tx, source); err != nil {
			return err
		}
		src.Name, src.Region, src.Licence, src.Hours, src.Active = d.Name, d.Region, d.Licence, d.Hours, d.Active
		src.Due = db.NullTime{}
		if src.Active && src.Hours > 0 {
			src.Due = db.NullAt(s.Clock.Now().Add(time.Duration(src.Hours) * time.Hour))
		}
		if err := updateSource(ctx, tx, src); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "source.edit", Kind: "source", ID: src.ID, Data: d})
	})
	return src, err
}

// Supply is a source with what it has brought.
type Supply struct {
	Source
	Records int64
	Last    *Run
}

// Sources lists every source with its newest harvest.
func (s *Service) Sources(ctx context.Context, sub identity.Subject) ([]Supply, error) {
	if err := s.Policy.Can(sub, "exchange.view", identity.Object{}); err != nil {
		return nil, err
	}
	list, err := listSources(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	out := make([]Supply, 0, len(list))
	for _, src := range list {
		one, err := s.supply(ctx, src)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

func (s *Service) supply(ctx context.Context, src Source) (Supply, error) {
	out := Supply{Source: src}
	var err error
	if out.Records, err = countTaken(ctx, s.DB, src.ID); err != nil {
		return out, err
	}
	runs, err := listRuns(ctx, s.DB, src.ID, 1)
	if err != nil {
		return out, fmt.Errorf("read the last harvest: %w", err)
	}
	if len(runs) == 1 {
		out.Last = &runs[0]
	}
	return out, nil
}

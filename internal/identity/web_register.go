package identity

import (
	"context"
	"net/http"

	"qiao/internal/platform/form"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// factsForm is a registration form with what its choices are.
type factsForm struct {
	*form.Form
	Regions []ui.Option
	Parent  Organisation // the subject's organisation, when it may register one below; zero: none
	Warned  bool         // the code's check character did not fit: ask for evidence
}

func (s *Service) showRegister(w http.ResponseWriter, r *http.Request) error {
	return s.registerPage(w, r, form.Of(map[string]string{"region": s.deps.Root, "kind": "company"}))
}

func (s *Service) submitRegister(w http.ResponseWriter, r *http.Request) error {
	f, sub := form.Read(r), SubjectOf(r.Context())
	reg := Registration{Facts: readFacts(f), Founder: Founder{
		Name: f.Text("name"), Login: f.Text("login"), Password: f.Value("password"), Phone: f.Text("phone"),
	}}
	_, err := s.Register(r.Context(), sub, reg)
	if err == nil && !sub.SignedIn() {
		err = s.open(w, r, reg.Founder.Login, reg.Founder.Password)
	}
	switch {
	case err == nil:
		return web.SeeOther(w, r, "/account/organisation", "注册已提交，主管部门核验后会通知您。")
	case f.Fail(err):
		return s.registerPage(w, r, f)
	}
	return err
}

func (s *Service) registerPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ff, err := s.factsForm(r.Context(), f)
	if err != nil {
		return err
	}
	return web.Page(w, r, f.Status(), registerPage(ff, SubjectOf(r.Context())))
}

// readFacts takes an organisation's facts out of a form.
func readFacts(f *form.Form) Facts {
	region := f.Text("region")
	if other := f.Text("region_code"); other != "" {
		region = other
	}
	return Facts{
		NameZH: f.Text("name_zh"), NameEN: f.Text("name_en"), USCC: f.Text("uscc"), USCCConfirmed: f.Bool("uscc_confirmed"),
		USCCNote: f.Text("uscc_note"), Region: region, Kind: f.Text("kind"), Parent: f.Text("parent"), Address: f.Text("address"),
		Website: f.Text("website"), ROR: f.Text("ror"), Capacities: f.All("capacities"),
	}
}

func (s *Service) factsForm(ctx context.Context, f *form.Form) (factsForm, error) {
	tree, err := s.Tree(ctx, s.db)
	if err != nil {
		return factsForm{}, err
	}
	ff := factsForm{Form: f, Regions: regionOptions(ctx, tree, s.deps.Root)}
	e := f.ErrorOf("uscc")
	ff.Warned = e != nil && e.Code == "uscc-check" || f.Bool("uscc_confirmed")
	if sub := SubjectOf(ctx); sub.Org != "" && sub.Role == RoleAdmin {
		ff.Parent, err = s.Organisation(ctx, s.db, sub.Org)
	}
	return ff, err
}

// passwordHint says that the password, the one thing a page never gives back, has to be typed again.
func (f factsForm) passwordHint(ctx context.Context) string {
	if !f.OK() && f.Value("password") != "" {
		return t(ctx, "密码不会保留在页面上，请再输入一次，至少 {0} 个字符。", MinPassword)
	}
	return t(ctx, "至少 {0} 个字符；一句自己记得住的话最好。", MinPassword)
}

// regionOptions are the regions one chooses from: everything in the root's province, and the cities of all others.
func regionOptions(ctx context.Context, tree *Tree, root string) []ui.Option {
	var options []ui.Option
	add := func(r Region, group string) {
		options = append(options, ui.Option{Value: r.Code, Label: r.Name(ctx) + " " + r.Code, Group: group})
	}
	home := ""
	if line := tree.Line(root); len(line) > 0 {
		home = line[0].Code
		for _, r := range append([]Region{line[len(line)-1]}, tree.Children(root)...) {
			add(r, t(ctx, "本地区"))
		}
		for _, city := range tree.Children(home) {
			if city.Code == root {
				continue
			}
			add(city, city.Name(ctx))
			for _, county := range tree.Children(city.Code) {
				add(county, city.Name(ctx))
			}
		}
	}
	for _, province := range tree.Children("") {
		if province.Code == home {
			continue
		}
		add(province, province.Name(ctx))
		for _, city := range tree.Children(province.Code) {
			add(city, province.Name(ctx))
		}
	}
	return options
}

// Name is the region's name in the reader's language.
func (r Region) Name(ctx context.Context) string { return i18n.Pick(ctx, r.NameZH, r.NameEN) }

func kindOptions(ctx context.Context) []ui.Option {
	var options []ui.Option
	for _, k := range Kinds() {
		options = append(options, ui.Option{Value: k, Label: KindName(ctx, k)})
	}
	return options
}

func capacityOptions(ctx context.Context) []ui.Option {
	notes := map[string]string{
		CapacityEnterprise:   "使用仪器和服务，申领创新券",
		CapacityTeam:         "没有法人资格的创业团队、课题组",
		CapacityProvider:     "开放仪器、设施，提供检测和研发服务",
		CapacityIntermediary: "撮合供需、代办申报",
	}
	var options []ui.Option
	for _, c := range OpenCapacities() {
		options = append(options, ui.Option{Value: c, Label: CapacityName(ctx, c), Note: t(ctx, notes[c])})
	}
	return options
}

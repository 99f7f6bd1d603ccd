package match

import (
	"context"
	"net/http"
	"strconv"

	"qiao/internal/identity"
	"qiao/internal/platform/form"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// newView is the page on which a need is written.
type newView struct {
	Form    *form.Form
	Regions []ui.Option
	By      identity.Subject
	Denied  error // why the reader cannot publish, nil when nothing hinders
}

func (s *Service) showNew(w http.ResponseWriter, r *http.Request) error {
	f := form.Of(nil)
	f.Set("text", r.URL.Query().Get("text")) // a search that found nothing goes on here
	if n, err := strconv.Atoi(r.URL.Query().Get("example")); err == nil {
		if list := examples(r.Context()); n >= 0 && n < len(list) {
			f.Set("text", list[n].text)
		}
	}
	return s.newPage(w, r, f)
}

func (s *Service) newPage(w http.ResponseWriter, r *http.Request, f *form.Form) error {
	ctx, by := r.Context(), identity.SubjectOf(r.Context())
	v := newView{Form: f, By: by}
	v.Denied = s.Policy.Can(by, "need.create", object(Need{Org: by.Org, Region: by.Region}))
	if v.Denied == nil {
		var err error
		if v.Regions, err = s.regionOptions(ctx, by.Region); err != nil {
			return err
		}
		if f.Value("region") == "" {
			f.Set("region", by.Region)
		}
	}
	return web.Page(w, r, f.Status(), newPage(v))
}

// regionOptions are the regions near a firm: its city with the counties in it.
func (s *Service) regionOptions(ctx context.Context, home string) ([]ui.Option, error) {
	places, err := s.Regions.Places(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	city := home
	if len(home) == 6 {
		city = home[:4] + "00"
	}
	var out []ui.Option
	for _, p := range places {
		if p.Code == home || identity.Within(p.Code, city) {
			out = append(out, ui.Option{Value: p.Code, Label: s.Regions.RegionPath(p.Code)})
		}
	}
	return out, nil
}

func (s *Service) submitNew(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := form.Read(r)
	publish := f.Text("publish") == "1"
	n, err := s.Create(ctx, identity.SubjectOf(ctx), CreateRequest{
		Text: f.Text("text"), Region: f.Text("region"), Confidential: f.Bool("confidential"), Publish: publish, Key: web.RequestKey(ctx),
	})
	if err != nil {
		if f.Fail(err) {
			return s.newPage(w, r, f)
		}
		return err
	}
	said := "需求已存为草稿，只有本单位能看到。下面是为您找到的候选。"
	if publish {
		said = "需求已发布。下面是为您找到的候选。"
	}
	return web.SeeOther(w, r, "/needs/"+n.ID, said)
}

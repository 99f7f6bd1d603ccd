package importing

import (
	"context"
	"net/http"

	"qiao/internal/identity"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/web"
)

func (s *Service) undoRoutes(desk func(string, web.Handler) web.Route) []web.Route {
	return []web.Route{
		desk("GET /desk/imports/{id}/undo", s.showUndo),
		desk("POST /desk/imports/{id}/undo", s.submitUndo),
	}
}

// showUndo asks before it is done, and says what would become of each record.
func (s *Service) showUndo(w http.ResponseWriter, r *http.Request) error {
	report, f, err := s.ForeseeUndo(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	until, err := s.UndoUntil(report)
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, undoPage(report, f, until))
}

func (s *Service) submitUndo(w http.ResponseWriter, r *http.Request) error {
	report, err := s.Undo(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/imports/"+report.ID, "")
}

func (u Undo) summary(ctx context.Context) string {
	return t(ctx, "撤下 {0} 项，改回 {1} 项，{2} 项保持不变。", u.Withdrawn, u.Restored, u.Kept)
}

// apiUndo is the undoing of imports for programs.
func (s *Service) apiUndo(g *web.APIGroup, op func(method, path, summary, description string) web.Op) {
	web.API(g, op("GET", "/imports/{id}/undo", "预览撤销导入", "What the undoing would do; nothing is changed. Of a large import its first records are looked at."), s.apiForeseeUndo)
	web.API(g, op("POST", "/imports/{id}/undo", "撤销导入", "What the import made is withdrawn, what it changed is as before. Records changed or ordered since stay as they are and are listed. A large one goes on behind the answer: its state is running."), s.apiDoUndo)
}

type forecastOut struct{ Body forecastBody }

// forecastBody is what an undoing would do.
type forecastBody struct {
	Withdrawn int64      `json:"withdrawn" doc:"Records the import had made"`
	Restored  int64      `json:"restored" doc:"Records it had changed"`
	Kept      int64      `json:"kept" doc:"Records that stay as they are"`
	Looked    int64      `json:"looked" doc:"So many records were looked at"`
	Touched   int64      `json:"touched" doc:"So many the import has touched"`
	Left      []leftBody `json:"left"`
}

type leftBody struct {
	Resource string `json:"resource"`
	Name     string `json:"name"`
	Code     string `json:"code" doc:"changed-since, ordered …"`
	Text     string `json:"text"`
}

// undoBody is an import taken back.
type undoBody struct {
	State     string     `json:"state" doc:"running done"`
	Withdrawn int64      `json:"withdrawn"`
	Restored  int64      `json:"restored"`
	Kept      int64      `json:"kept"`
	Left      []leftBody `json:"left"`
}

func (s *Service) apiForeseeUndo(ctx context.Context, in *importIDIn) (*forecastOut, error) {
	_, f, err := s.ForeseeUndo(ctx, identity.SubjectOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &forecastOut{forecastBody{f.Withdrawn, f.Restored, f.Kept, f.Looked, f.Touched, wireLeft(ctx, f.Left)}}, nil
}

func (s *Service) apiDoUndo(ctx context.Context, in *importIDIn) (*importOut, error) {
	r, err := s.Undo(ctx, identity.SubjectOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &importOut{Body: wireReport(ctx, r)}, nil
}

func wireLeft(ctx context.Context, list []Left) []leftBody {
	out := []leftBody{}
	for _, x := range list {
		out = append(out, leftBody{x.Resource, x.Name, x.Code, i18n.T(ctx, x.Text, x.Args...)})
	}
	return out
}

func wireUndo(ctx context.Context, u *Undo) *undoBody {
	if u == nil {
		return nil
	}
	return &undoBody{u.State, u.Withdrawn, u.Restored, u.Kept, wireLeft(ctx, u.Left)}
}

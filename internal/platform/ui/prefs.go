package ui

import (
	"net/http"
	"net/url"
	"strings"

	"qiao/internal/platform/i18n"
)

// Prefs are a reader's display preferences. They are kept in four cookies, which the server reads on every request, so
// that they work without JavaScript:
//
//	lang      "zh-CN" or "en"; without it Accept-Language decides
//	theme     "dark" or "light"; without it the system's setting decides
//	size      "large" or nothing
//	contrast  "more" or nothing
type Prefs struct {
	Lang     i18n.Lang
	Theme    string
	Size     string
	Contrast string
}

// prefsYear is how long the cookies live, in seconds.
const prefsYear = 365 * 24 * 60 * 60

// allowedPrefs are the values each cookie may hold; an empty one removes the cookie.
func allowedPref(name, value string) bool {
	switch name {
	case "lang":
		return value == string(i18n.ZH) || value == string(i18n.EN)
	case "theme":
		return value == "" || value == "dark" || value == "light"
	case "size":
		return value == "" || value == "large"
	case "contrast":
		return value == "" || value == "more"
	}
	return false
}

// ReadPrefs takes the preferences out of a request. A query ?lang=en (links of search engines, the API's promise) wins
// over the cookie, the cookie over Accept-Language.
func ReadPrefs(r *http.Request) Prefs {
	p := Prefs{Lang: i18n.Match(r.Header.Get("Accept-Language")), Theme: pref(r, "theme"), Size: pref(r, "size"), Contrast: pref(r, "contrast")}
	for _, wish := range []string{r.URL.Query().Get("lang"), pref(r, "lang")} {
		if l, ok := i18n.Parse(wish); ok {
			p.Lang = l
			break
		}
	}
	return p
}

func pref(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil || !allowedPref(name, c.Value) {
		return ""
	}
	return c.Value
}

// SavePrefs answers POST /prefs, the form every page carries: it keeps the one preference that was pressed and sends
// the reader back to the page (field back, a path of this site). secure sets the Secure flag, for https.
func SavePrefs(w http.ResponseWriter, r *http.Request, secure bool) {
	for _, name := range []string{"lang", "theme", "size", "contrast"} {
		value := r.PostFormValue(name)
		if _, pressed := r.PostForm[name]; !pressed || !allowedPref(name, value) {
			continue
		}
		age := prefsYear
		if value == "" {
			age = -1
		}
		http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: age, Secure: secure, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	}
	w.Header().Set("Location", localPath(r.PostFormValue("back")))
	w.WriteHeader(http.StatusSeeOther)
}

// localPath lets through a path of this site and nothing else; ?lang= is taken off, it would win over the cookie.
func localPath(back string) string {
	u, err := url.Parse(back)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") || strings.ContainsAny(back, "\\\r\n") {
		return "/"
	}
	q := u.Query()
	q.Del("lang")
	return (&url.URL{Path: u.Path, RawQuery: q.Encode()}).String()
}

// toggled is the value a preference's button sends: its value, or nothing when it is already on.
func toggled(now, value string) string {
	if now == value {
		return ""
	}
	return value
}

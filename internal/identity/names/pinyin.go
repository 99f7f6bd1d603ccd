//i18n:data Chinese words with the sound they have in names

package names

import (
	"strings"

	"github.com/mozillazg/go-pinyin"
)

// sounds are words whose characters sound otherwise alone.
func sounds() [][2]string {
	return [][2]string{
		{"重庆", "chong qing"}, {"厦门", "xia men"}, {"长春", "chang chun"}, {"长沙", "chang sha"}, {"长江", "chang jiang"}, {"长安", "chang an"}, {"长治", "chang zhi"},
		{"长兴", "chang xing"}, {"长三角", "chang san jiao"}, {"长庆", "chang qing"}, {"六安", "lu an"}, {"蚌埠", "beng bu"}, {"音乐", "yin yue"}, {"会计", "kuai ji"},
		{"银行", "yin hang"}, {"行业", "hang ye"}, {"番禺", "pan yu"}, {"台州", "tai zhou"}, {"丽水", "li shui"}, {"嘉善", "jia shan"}, {"朝阳", "chao yang"}, {"单县", "shan xian"},
		{"乐清", "yue qing"}, {"大厦", "da sha"}, {"校长", "xiao zhang"}, {"重型", "zhong xing"}, {"重工", "zhong gong"}, {"重点", "zhong dian"}, {"陕西", "shaan xi"},
	}
}

// Syllables are the sounds of the Chinese characters of a text, in order; what is not Chinese is kept as words.
func Syllables(text string) []string {
	text = Normalise(text)
	list := sounds()
	args := pinyin.NewArgs()
	var out []string
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			out = append(out, word.String())
			word.Reset()
		}
	}
next:
	for text != "" {
		for _, s := range list {
			if rest, ok := strings.CutPrefix(text, s[0]); ok {
				end()
				out = append(out, strings.Fields(s[1])...)
				text = rest
				continue next
			}
		}
		for _, r := range text {
			if s := pinyin.SinglePinyin(r, args); len(s) > 0 {
				end()
				out = append(out, s[0])
			} else if r == ' ' {
				end()
			} else {
				word.WriteRune(r)
			}
			text = text[len(string(r)):]
			break
		}
	}
	end()
	return out
}

// Pinyin is how a Chinese name is typed by its sounds: whole (zhejiangdaxue) and by the first letters (zjdx). Both are
// empty for a name without Chinese characters.
func Pinyin(name string) (whole, initials string) {
	if !hasHan(name) {
		return "", ""
	}
	var w, i strings.Builder
	for _, s := range Syllables(Core(name)) {
		w.WriteString(s)
		i.WriteByte(s[0])
	}
	return w.String(), i.String()
}

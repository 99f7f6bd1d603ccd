//i18n:data words of the language, not texts of the interface

package textindex

import "strings"

// hollowWords are words of a question that say nothing about what is looked for. They still score (their
// weight is small by itself) but are not asked for and not shown as a reason.
const hollowWords = " 的 了 在 是 和 与 及 或 为 对 中 上 下 等 其 以 于 有 并 将 从 到 由 该 这 那 着 也 而 之 被 把 就 都 又 很 可 可以 能 能够 " +
	"如何 怎么 怎样 什么 哪些 哪里 哪个 请问 吗 呢 啊 吧 个 一 一个 一种 一些 我 我们 我们的 你们 他们 本 我司 需要 需 想 想要 希望 寻找 寻求 求购 " +
	"进行 通过 以及 同时 主要 目前 现有 现在 已经 由于 因此 因为 但是 如果 或者 并且 没有 不 不能 无法 要求 方面 相关 有关 问题 情况 " +
	"比较 非常 能否 是否 最好 最近 用于 提供 具有 包括 其中 之后 之前 以上 以下 左右 大约 约 每 各 来 去 做 让 给 用 至 后 前 内 外 "

// Hollow reports whether a word of the analyser says nothing about what is looked for: the function words of
// the dictionary (的, 还是, 如何 …) and the list above.
func (a *Analyser) Hollow(word string) bool {
	return strings.Contains(hollowWords, " "+word+" ") || a.segment != nil && a.segment.empty[word]
}

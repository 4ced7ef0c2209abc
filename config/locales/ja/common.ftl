### 複数の場所で使うもの。

# 名前を並べるときの区切り
list-separator = 、
# $at: 日時。$relative: 同じ日時。「3時間後」のように表示される。日時は必ず両方を示す。
time-and-distance = { $at }（{ $relative }）

## 項目名と内容

field-heading = **{ $label }：**
field-with-value = **{ $label }：**{ $value }
# $legend: 下の記号の意味。
heading-with-legend = **{ $title }**（{ $legend }）
# $name: トークン名。$reason: 受け付けられなかった理由。
name-with-reason = { $name }：{ $reason }

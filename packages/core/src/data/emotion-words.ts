/** Words for emotions in the languages that corpora come in: what tells a folder of an emotion from one of a speaker. */

/** Emotion -> the words for it in the languages that corpora come in; `other` are words for what else is often recorded. */
const lists = {
  anger: `anger angry ang hot-anger Ärger Wut Zorn ärgerlich wütend zornig colère fâché ira enfado enojo rabbia arrabbiato raiva boos boosheid woede gniew złość vztek
    ilska arg vrede viha öfke kızgın гнев злость θυμός 愤怒 生气 憤怒 怒り 분노 غضب`,
  disgust: `disgust disgusted dis Ekel dégoût dégoûté asco disgusto nojo walging wstręt tiksinti отвращение αηδία 厌恶 嫌悪 혐오`,
  fear: `fear fearful fea afraid scared anxiety anxious Angst ängstlich peur miedo paura medo bang strach rädd pelko korku korkmuş страх φόβος 恐惧 害怕 恐れ 공포 خوف`,
  happiness: `happiness happy hap joy joyful Freude froh fröhlich glücklich joie joyeux heureux alegria alegre feliz felicidad gioia gioioso felice felicità felicidade blij
    blijdschap radość štěstí glad ilo mutlu mutluluk радость χαρά 高兴 开心 快乐 喜び 기쁨 행복 فرح سعادة`,
  neutral: `neutral neu neutre neutro neutrale neutralità neutralidade neutraal neutralny neutralność nötr нейтральная нейтрально нейтральный 中性 中立 중립 محايد`,
  sadness: `sadness sad Trauer traurig Traurigkeit tristesse triste tristeza tristezza verdriet verdrietig smutek ledsen sorg suru üzgün üzüntü грусть печаль λύπη
    悲伤 难过 伤心 悲しみ 슬픔 حزن`,
  surprise: `surprise surprised sur ps Überraschung überrascht surpris sorpresa sorprendido sorpreso surpresa verbazing verrast zaskoczenie překvapení yllätys şaşkın şaşırmış
    удивление 惊讶 惊喜 驚き 놀람 دهشة`,
  calm: `calm ruhig Ruhe calme calma rustig sakin спокойствие 平静`,
  boredom: `boredom bored Langeweile gelangweilt ennui aburrimiento tédio znudzenie`,
  other: `contempt excited excitement exc frustrated frustration fru amused amusement relief relieved pride proud shame guilt pleasant unpleasant stress stressed relaxed
    despair elation irritation irritated interest interested Verachtung Stolz Scham mépris fierté honte`,
};

/** An emotion that has words of its own in many languages. */
export type CommonEmotion = Exclude<keyof typeof lists, "other">;

const negation = /^(?:not?|non|nicht|kein|ohne|pas|sin|sem|senza|without)$/i;

/** Returns a word without accents, capitals and digits at its end: `Ärger` and `anger-2` as `arger` and `anger`. */
function plain(word: string): string {
  return word
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[\s_.-]*\d+$/u, "")
    .replaceAll("ı", "i")
    .replaceAll("ł", "l")
    .replaceAll("ø", "o");
}

const emotions = new Map(
  Object.entries(lists).flatMap(([emotion, list]) =>
    list
      .trim()
      .split(/\s+/)
      .map((word): [string, CommonEmotion | "other"] => [plain(word), emotion as CommonEmotion | "other"]),
  ),
);

/** Returns what a word stands for; umlauts may be written out, as in `wuetend`. */
function meaning(name: string): CommonEmotion | "other" | undefined {
  const word = plain(name);
  return emotions.get(word) ?? emotions.get(word.replace(/([aou])e/g, "$1"));
}

/** Returns whether a name is a word for an emotion. */
export function isEmotionWord(name: string): boolean {
  return meaning(name) !== undefined;
}

/** Returns the emotion that a label names in whatever language, alone or as one word of several: `anger` for `wütend`; undefined for none. */
export function emotionOf(label: string): CommonEmotion | undefined {
  const found = meaning(label) ?? meaning(emotionIn(label)?.replace(/^pleasant_/i, "") ?? "");
  return found === "other" ? undefined : found;
}

/** Returns the names of each emotion that some of them mean, in whatever language, in the order in which they stand. */
export function namesByEmotion(names: Iterable<string>): Map<CommonEmotion, string[]> {
  const found = new Map<CommonEmotion, string[]>();
  for (const name of names) {
    const emotion = emotionOf(name);
    if (emotion !== undefined) found.set(emotion, [...(found.get(emotion) ?? []), name]);
  }
  return found;
}

/** Returns the parts of a name between whatever is neither letter nor digit, such as `_`, `-`, spaces and brackets. */
export function partsOf(name: string): string[] {
  return name.split(/[^\p{L}\p{M}\p{N}'’]+/u).filter((part) => part !== "");
}

/** Returns the parts of a name that are told by capitals, as in `annaAngry01`. */
export function humps(name: string): string[] {
  return partsOf(name.replace(/(\p{Ll}|\d)(?=\p{Lu})/gu, "$1_"));
}

/**
 * Returns the one word for an emotion that a name is or has among its parts, such as `Angry` of `anna_Angry_01`; undefined when there is none, several
 * differ, or one is denied: `not_angry` is a class of its own.
 */
export function emotionIn(name: string): string | undefined {
  const bare = (text: string): string => text.replace(/[\s_.-]*\d+$/, "");
  if (isEmotionWord(name)) return bare(name);
  const parts = partsOf(name);
  if (parts.some((part) => negation.test(part))) return undefined;
  const found = [
    ...new Set((parts.some(isEmotionWord) ? parts : humps(name)).filter(isEmotionWord).map(bare)),
  ];
  if (found.length === 2 && /^pleasant$/i.test(found[0])) return found.join("_");
  return found.length === 1 ? found[0] : undefined;
}

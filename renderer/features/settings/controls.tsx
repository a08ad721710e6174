import { NumberInput, Select, Switch, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { SettingRow } from '../../ui/setting-row.tsx';

interface Common<V> {
  /** Dotted name of the setting. */
  name: string;
  label: string;
  help?: ReactNode;
  managed: boolean;
  value: V;
  onChange(value: V): void;
}

const lockedText = (managed: boolean) => (managed ? 'Set by your administrator. It cannot be changed here.' : '');
const idOf = (name: string) => `setting-${name.replaceAll('.', '-')}`;

export function ChoiceSetting<V extends string>({
  name,
  label,
  help,
  managed,
  value,
  onChange,
  choices,
}: Common<V> & { choices: readonly (readonly [V, string])[] }) {
  return (
    <SettingRow id={idOf(name)} label={label} help={help} locked={lockedText(managed)}>
      <Select
        id={idOf(name)}
        aria-describedby={help ? `${idOf(name)}-help` : undefined}
        data={choices.map(([choice, text]) => ({ value: choice, label: text }))}
        value={value}
        onChange={(chosen) => chosen !== null && onChange(chosen)}
        disabled={managed}
        allowDeselect={false}
        w="100%"
      />
    </SettingRow>
  );
}

export function SwitchSetting({ name, label, help, managed, value, onChange }: Common<boolean>) {
  return (
    <SettingRow id={idOf(name)} label={label} help={help} locked={lockedText(managed)}>
      <Switch
        id={idOf(name)}
        aria-describedby={help ? `${idOf(name)}-help` : undefined}
        checked={value}
        onChange={(event) => onChange(event.currentTarget.checked)}
        disabled={managed}
      />
    </SettingRow>
  );
}

/** Saves when the field is left or with Enter, so that no half-typed text takes effect. Escape restores the saved text. */
export function TextSetting({
  name,
  label,
  help,
  managed,
  value,
  onChange,
  placeholder,
  most,
}: Common<string> & { placeholder: string; most: number }) {
  const [typed, setTyped] = useState<string | null>(null);
  const commit = () => {
    if (typed !== null && typed !== value) onChange(typed.trim());
    setTyped(null);
  };
  return (
    <SettingRow id={idOf(name)} label={label} help={help} locked={lockedText(managed)}>
      <TextInput
        id={idOf(name)}
        aria-describedby={help ? `${idOf(name)}-help` : undefined}
        value={typed ?? value}
        placeholder={placeholder}
        maxLength={most}
        spellCheck={false}
        w="100%"
        disabled={managed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape') setTyped(null);
        }}
      />
    </SettingRow>
  );
}

/** Saves when the field is left, with Enter, and at each step of the arrows; a number outside of the bounds is moved inside. */
export function NumberSetting({
  name,
  label,
  help,
  managed,
  value,
  onChange,
  min,
  max,
  step,
  suffix,
}: Common<number> & { min: number; max: number; step: number; suffix: string }) {
  const [typed, setTyped] = useState<string | number | null>(null);
  const commit = (next: string | number | null) => {
    const number = typeof next === 'number' ? next : Number.NaN;
    if (Number.isFinite(number)) {
      const inside = Math.min(max, Math.max(min, Math.round(number)));
      if (inside !== value) onChange(inside);
    }
    setTyped(null);
  };
  return (
    <SettingRow id={idOf(name)} label={label} help={help} locked={lockedText(managed)}>
      <NumberInput
        id={idOf(name)}
        aria-describedby={help ? `${idOf(name)}-help` : undefined}
        value={typed ?? value}
        min={min}
        max={max}
        step={step}
        suffix={suffix}
        allowDecimal={false}
        allowNegative={false}
        clampBehavior="blur"
        thousandSeparator=","
        w="100%"
        disabled={managed}
        onChange={setTyped}
        onBlur={() => commit(typed)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit(typed);
          if (event.key === 'Escape') setTyped(null);
        }}
      />
    </SettingRow>
  );
}
